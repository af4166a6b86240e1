{{/* What all names begin with: the release's name, followed by the chart's unless that is part of it. */}}
{{- define "gpu-profiler.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 46 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "gpu-profiler.name" . -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 46 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 46 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "gpu-profiler.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 46 | trimSuffix "-" -}}
{{- end -}}

{{/* Where our objects live: the release's namespace, unless a chart around this one wants another. */}}
{{- define "gpu-profiler.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride -}}
{{- end -}}

{{- define "gpu-profiler.collector" -}}{{ include "gpu-profiler.fullname" . }}-collector{{- end -}}
{{- define "gpu-profiler.controller" -}}{{ include "gpu-profiler.fullname" . }}-controller{{- end -}}
{{- define "gpu-profiler.cleanup" -}}{{ include "gpu-profiler.fullname" . }}-cleanup{{- end -}}
{{- define "gpu-profiler.prometheus" -}}
{{- default (printf "%s-prometheus" (include "gpu-profiler.fullname" .)) .Values.prometheus.fullnameOverride -}}
{{- end -}}

{{/*
The name of an object outside our namespace: two releases of one name in two namespaces must not meet. Takes
(list context name). A name holds no dot, so that "a.b" is nobody else's.
*/}}
{{- define "gpu-profiler.clusterName" -}}
{{- $context := index . 0 -}}
{{- $name := index . 1 -}}
{{- if eq (include "gpu-profiler.namespace" $context) (include "gpu-profiler.fullname" $context) -}}
{{- $name -}}
{{- else -}}
{{- printf "%s.%s" $name (include "gpu-profiler.namespace" $context) -}}
{{- end -}}
{{- end -}}

{{/* Takes (list context component). */}}
{{- define "gpu-profiler.serviceAccount" -}}
{{- $context := index . 0 -}}
{{- $component := index . 1 -}}
{{- $account := (index $context.Values $component).serviceAccount -}}
{{- if $account.create -}}
{{- default (include (printf "gpu-profiler.%s" $component) $context) $account.name -}}
{{- else -}}
{{- required (printf "%s.serviceAccount.name is needed where %s.serviceAccount.create is false: the account to use." $component $component) $account.name -}}
{{- end -}}
{{- end -}}
