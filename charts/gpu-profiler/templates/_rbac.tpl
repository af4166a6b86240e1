{{/* The reference of a binding. Takes (list kind name). */}}
{{- define "gpu-profiler.roleRef" -}}
apiGroup: rbac.authorization.k8s.io
kind: {{ index . 0 }}
name: {{ index . 1 }}
{{- end -}}

{{/* The one subject of a binding. Takes (list context account). */}}
{{- define "gpu-profiler.subject" -}}
- kind: ServiceAccount
  name: {{ index . 1 }}
  namespace: {{ include "gpu-profiler.namespace" (index . 0) }}
{{- end -}}
