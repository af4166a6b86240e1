{{/* By what pods are found; never changes in an upgrade. Takes (list context component). */}}
{{- define "gpu-profiler.selector" -}}
{{- $context := index . 0 -}}
app.kubernetes.io/name: {{ include "gpu-profiler.name" $context }}
app.kubernetes.io/instance: {{ $context.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{/* Takes (list context component). */}}
{{- define "gpu-profiler.labels" -}}
{{- $context := index . 0 -}}
{{ include "gpu-profiler.selector" . }}
app.kubernetes.io/version: {{ $context.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $context.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $context.Chart.Name $context.Chart.Version | replace "+" "_" }}
{{- with $context.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Name, namespace and labels of an object in the release's namespace. Takes (list context component name). */}}
{{- define "gpu-profiler.metadata" -}}
{{- $context := index . 0 -}}
name: {{ index . 2 }}
namespace: {{ include "gpu-profiler.namespace" $context }}
labels:
  {{- include "gpu-profiler.labels" (list $context (index . 1)) | nindent 2 }}
{{- end -}}

{{/* The same for an object of the cluster. */}}
{{- define "gpu-profiler.clusterMetadata" -}}
{{- $context := index . 0 -}}
name: {{ include "gpu-profiler.clusterName" (list $context (index . 2)) }}
labels:
  {{- include "gpu-profiler.labels" (list $context (index . 1)) | nindent 2 }}
{{- end -}}
