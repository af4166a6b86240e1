{{/* Who may ask for metrics; a Prometheus of our own in any case. */}}
{{- define "gpu-profiler.metricsFrom" -}}
{{- with .Values.networkPolicy.from }}
from:
  {{- toYaml . | nindent 2 }}
  {{- if include "gpu-profiler.prometheus.embedded" $ }}
  - podSelector:
      matchLabels:
        {{- include "gpu-profiler.selector" (list $ "prometheus") | nindent 8 }}
  {{- end }}
{{- end }}
{{- end -}}

{{- define "gpu-profiler.egress.dns" -}}
# Names: port 53, and 5353 behind it on OpenShift.
- ports:
    - { port: 53, protocol: UDP }
    - { port: 53, protocol: TCP }
    - { port: 5353, protocol: UDP }
    - { port: 5353, protocol: TCP }
{{- end -}}

{{- define "gpu-profiler.egress.apiServer" -}}
# The API server: no pod, so no selector finds it.
- ports:
    {{- range .Values.networkPolicy.apiServerPorts }}
    - { port: {{ . }}, protocol: TCP }
    {{- end }}
  {{- with .Values.networkPolicy.apiServer }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{- define "gpu-profiler.egress.prometheus" -}}
{{- if include "gpu-profiler.prometheus.embedded" . -}}
- ports:
    - { port: 9090, protocol: TCP }
  to:
    - podSelector:
        matchLabels:
          {{- include "gpu-profiler.selector" (list . "prometheus") | nindent 10 }}
{{- else -}}
- ports:
    {{- range .Values.networkPolicy.prometheusPorts }}
    - { port: {{ . }}, protocol: TCP }
    {{- else }}
    # Any: which port is behind the Service in the URL, only its owner knows.
    - { protocol: TCP }
    {{- end }}
  {{- with .Values.networkPolicy.prometheus }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
{{- end -}}
