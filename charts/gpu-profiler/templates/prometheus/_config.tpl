{{/* prometheus.yml of the embedded Prometheus. */}}
{{- define "gpu-profiler.prometheus.config" -}}
{{- $values := .Values.prometheus -}}
{{- $name := include "gpu-profiler.name" . -}}
global:
  scrape_interval: {{ $values.scrapeInterval }}
  scrape_timeout: {{ $values.scrapeTimeout }}
  evaluation_interval: {{ $values.evaluationInterval }}
  {{- with $values.externalLabels }}
  external_labels:
    {{- toYaml . | nindent 4 }}
  {{- end }}
rule_files:
  - /etc/prometheus-rules/*.yaml
{{- with $values.alertmanagers }}
alerting:
  alertmanagers:
    - static_configs:
        - targets:
            {{- toYaml . | nindent 12 }}
{{- end }}
scrape_configs:
  # Our collectors, one per GPU node, called by the name of their node.
  - job_name: gpu-profiler-collector
    # The series name their node and GPU themselves.
    honor_labels: true
    {{- with include "gpu-profiler.web.scrape" . | trim }}
    {{- . | nindent 4 }}
    {{- end }}
    kubernetes_sd_configs:
      - role: pod
        namespaces: { names: [{{ include "gpu-profiler.namespace" . }}] }
        selectors:
          - role: pod
            label: app.kubernetes.io/name={{ $name }},app.kubernetes.io/instance={{ .Release.Name }},app.kubernetes.io/component=collector
    relabel_configs:
      {{- include "gpu-profiler.prometheus.keepMetricsPort" . | nindent 6 }}
      - source_labels: [__meta_kubernetes_pod_node_name]
        target_label: node
      - source_labels: [__meta_kubernetes_pod_node_name]
        target_label: instance
  - job_name: gpu-profiler-controller
    {{- with include "gpu-profiler.web.scrape" . | trim }}
    {{- . | nindent 4 }}
    {{- end }}
    kubernetes_sd_configs:
      - role: pod
        namespaces: { names: [{{ include "gpu-profiler.namespace" . }}] }
        selectors:
          - role: pod
            label: app.kubernetes.io/name={{ $name }},app.kubernetes.io/instance={{ .Release.Name }},app.kubernetes.io/component=controller
    relabel_configs:
      {{- include "gpu-profiler.prometheus.keepMetricsPort" . | nindent 6 }}
      - source_labels: [__meta_kubernetes_pod_node_name]
        target_label: node
      - source_labels: [__meta_kubernetes_pod_name]
        target_label: instance
  - job_name: prometheus
    static_configs:
      - targets: ['localhost:9090']
  {{- if $values.dcgmExporter.enabled }}
  # dcgm-exporter, as its own chart and the GPU operator label it.
  - job_name: dcgm-exporter
    # Its pod, namespace and container labels tell who uses the GPU.
    honor_labels: true
    kubernetes_sd_configs:
      {{- range list "app.kubernetes.io/name=dcgm-exporter" "app in (nvidia-dcgm-exporter,dcgm-exporter)" }}
      - role: pod
        {{- with $values.dcgmExporter.namespaces }}
        namespaces: { names: {{ toJson . }} }
        {{- end }}
        selectors:
          - role: pod
            label: {{ . }}
      {{- end }}
    relabel_configs:
      {{- include "gpu-profiler.prometheus.keepMetricsPort" . | nindent 6 }}
      - source_labels: [__meta_kubernetes_pod_node_name]
        target_label: node
      - source_labels: [__meta_kubernetes_pod_node_name]
        target_label: instance
  {{- end }}
  {{- with $values.extraScrapeConfigs }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{/* Of a pod's ports, that of its metrics; of its life, the part in which it answers. */}}
{{- define "gpu-profiler.prometheus.keepMetricsPort" -}}
- source_labels: [__meta_kubernetes_pod_container_port_name]
  regex: metrics
  action: keep
- source_labels: [__meta_kubernetes_pod_phase]
  regex: Succeeded|Failed
  action: drop
{{- end -}}
