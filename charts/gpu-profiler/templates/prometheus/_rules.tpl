{{/* The rule files of the chart, as data of a ConfigMap. */}}
{{- define "gpu-profiler.ruleFiles" -}}
{{- range $path, $file := .Files.Glob "rules/*.yaml" }}
{{ base $path }}: |
  {{- $file | toString | trim | nindent 2 }}
{{- end }}
{{- end -}}
