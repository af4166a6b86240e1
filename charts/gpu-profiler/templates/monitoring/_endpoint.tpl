{{/* The components that are there, with a blank between them. */}}
{{- define "gpu-profiler.monitored" -}}
{{- $found := list -}}
{{- range list "collector" "controller" -}}
{{- if (index $.Values .).enabled -}}
{{- $found = append $found . -}}
{{- end -}}
{{- end -}}
{{- join " " $found -}}
{{- end -}}

{{/* An endpoint of a ServiceMonitor or PodMonitor. Takes (list component values). */}}
{{- define "gpu-profiler.endpoint" -}}
{{- $values := index . 1 -}}
- port: metrics
  # The series name their node and GPU themselves.
  honorLabels: true
  {{- with $values.interval }}
  interval: {{ . }}
  {{- end }}
  {{- with $values.scrapeTimeout }}
  scrapeTimeout: {{ . }}
  {{- end }}
  relabelings:
    - sourceLabels: [__meta_kubernetes_pod_node_name]
      targetLabel: node
    {{- with $values.relabelings }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $values.metricRelabelings }}
  metricRelabelings:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
