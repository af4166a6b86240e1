{{/*
Which nodes have NVIDIA GPUs, by the labels of whoever found out: GPU feature discovery, node feature discovery (three
spellings, by its configuration), GKE. "auto" adds the nodes that nobody has examined: node feature discovery labels
each node it runs on with its kernel, also one without a GPU.
*/}}
{{- define "gpu-profiler.collector.gpuNodes" -}}
nodeAffinity:
  requiredDuringSchedulingIgnoredDuringExecution:
    # One of these has to hold.
    nodeSelectorTerms:
      - matchExpressions:
          - { key: nvidia.com/gpu.present, operator: In, values: ['true'] }
      - matchExpressions:
          - { key: feature.node.kubernetes.io/pci-10de.present, operator: In, values: ['true'] }
      - matchExpressions:
          - { key: feature.node.kubernetes.io/pci-0302_10de.present, operator: In, values: ['true'] }
      - matchExpressions:
          - { key: feature.node.kubernetes.io/pci-0300_10de.present, operator: In, values: ['true'] }
      - matchExpressions:
          - { key: cloud.google.com/gke-accelerator, operator: Exists }
      {{- if eq .Values.collector.runOn "auto" }}
      # Nobody has looked for GPUs here.
      - matchExpressions:
          - { key: feature.node.kubernetes.io/kernel-version.major, operator: DoesNotExist }
      {{- end }}
{{- end -}}

{{- define "gpu-profiler.collector.affinity" -}}
{{- if .Values.collector.affinity }}
affinity:
  {{- toYaml .Values.collector.affinity | nindent 2 }}
{{- else if ne .Values.collector.runOn "all" }}
affinity:
  {{- include "gpu-profiler.collector.gpuNodes" . | nindent 2 }}
{{- end }}
{{- end -}}
