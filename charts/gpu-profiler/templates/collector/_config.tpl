{{/* The collector's configuration file: collector.config, and the keys that the chart answers for. */}}
{{- define "gpu-profiler.collector.config" -}}
{{- $web := dict "listen-address" (printf ":%d" (int .Values.collector.port)) -}}
{{- if .Values.web.secretName -}}
{{- $_ := set $web "config" (dict "file" (printf "/etc/gpu-profiler-web/%s" .Values.web.file)) -}}
{{- end -}}
{{- $own := dict "web" $web -}}
{{- if not .Values.collector.podResources.enabled -}}
{{- $_ := set $own "pod-resources" (dict "enabled" false) -}}
{{- end -}}
{{- toYaml (mergeOverwrite (deepCopy .Values.collector.config) $own) -}}
{{- end -}}
