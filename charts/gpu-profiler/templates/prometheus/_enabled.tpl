{{/* Not empty where the embedded Prometheus is to be there. */}}
{{- define "gpu-profiler.prometheus.embedded" -}}
{{- if and .Values.prometheus.enabled (not .Values.prometheus.url) -}}
yes
{{- end -}}
{{- end -}}
