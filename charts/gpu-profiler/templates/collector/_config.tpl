{{/* The collector's configuration file: collector.config, and the keys that the chart answers for. */}}
{{- define "gpu-profiler.collector.config" -}}
{{- $own := dict "web" (dict "listen-address" (printf ":%d" (int .Values.collector.port))) -}}
{{- if not .Values.collector.podResources.enabled -}}
{{- $_ := set $own "pod-resources" (dict "enabled" false) -}}
{{- end -}}
{{- toYaml (mergeOverwrite (deepCopy .Values.collector.config) $own) -}}
{{- end -}}
