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
- ports:
    - { port: 53, protocol: UDP }
    - { port: 53, protocol: TCP }
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
{{- $url := urlParse (include "gpu-profiler.prometheusUrl" .) -}}
{{- $port := regexFind "[0-9]+$" (regexFind ":[0-9]+$" $url.host) -}}
{{- $named := default (ternary 443 80 (eq $url.scheme "https")) $port | int -}}
{{- $ports := list (toString $named) -}}
{{- range .Values.networkPolicy.prometheusPorts }}
{{- $ports = append $ports (toString .) -}}
{{- end -}}
- ports:
    {{- range uniq $ports }}
    - { port: {{ . }}, protocol: TCP }
    {{- end }}
  {{- if include "gpu-profiler.prometheus.embedded" . }}
  to:
    - podSelector:
        matchLabels:
          {{- include "gpu-profiler.selector" (list . "prometheus") | nindent 10 }}
  {{- else }}
  {{- with .Values.networkPolicy.prometheus }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- end }}
{{- end -}}
