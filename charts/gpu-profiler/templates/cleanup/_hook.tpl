{{/* What makes an object part of `helm uninstall`. Takes its place in the row. What failed stays, to be looked into. */}}
{{- define "gpu-profiler.cleanup.hook" -}}
helm.sh/hook: pre-delete
helm.sh/hook-weight: {{ . | quote }}
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end -}}
