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

{{/*
An endpoint of a ServiceMonitor or PodMonitor. Its targets get the labels that the Prometheus of our own gives them, so that
rules and dashboards hold for both. Takes (list context component values).
*/}}
{{- define "gpu-profiler.endpoint" -}}
{{- $context := index . 0 -}}
{{- $component := index . 1 -}}
{{- $values := index . 2 -}}
- port: metrics
  # The series name their node and GPU themselves, and the pod that uses it.
  honorLabels: true
  {{- with $values.interval }}
  interval: {{ . }}
  {{- end }}
  {{- with $values.scrapeTimeout }}
  scrapeTimeout: {{ . }}
  {{- end }}
  {{- with include "gpu-profiler.web.endpoint" $context | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  relabelings:
    - targetLabel: job
      replacement: gpu-profiler-{{ $component }}
    - sourceLabels: [__meta_kubernetes_pod_node_name]
      targetLabel: node
    - sourceLabels: [__meta_kubernetes_pod_{{ if eq $component "collector" }}node_{{ end }}name]
      targetLabel: instance
    # A GPU is not the pod that reports it: its series would begin anew with each pod.
    - action: labeldrop
      regex: namespace|pod|container|service|endpoint
    {{- with $values.relabelings }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $values.metricRelabelings }}
  metricRelabelings:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
