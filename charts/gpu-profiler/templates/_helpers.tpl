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

{{- define "gpu-profiler.collector" -}}{{ include "gpu-profiler.fullname" . }}-collector{{- end -}}
{{- define "gpu-profiler.controller" -}}{{ include "gpu-profiler.fullname" . }}-controller{{- end -}}

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
{{- end -}}

{{- define "gpu-profiler.collector.serviceAccount" -}}
{{- if .Values.collector.serviceAccount.create -}}
{{- default (include "gpu-profiler.collector" .) .Values.collector.serviceAccount.name -}}
{{- else -}}
{{- required "collector.serviceAccount.name is needed where collector.serviceAccount.create is false" .Values.collector.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "gpu-profiler.controller.serviceAccount" -}}
{{- if .Values.controller.serviceAccount.create -}}
{{- default (include "gpu-profiler.controller" .) .Values.controller.serviceAccount.name -}}
{{- else -}}
{{- required "controller.serviceAccount.name is needed where controller.serviceAccount.create is false" .Values.controller.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "gpu-profiler.prometheusUrl" -}}
{{- default (printf "http://prometheus.%s:9090" .Release.Namespace) .Values.controller.prometheus.url -}}
{{- end -}}

{{- define "gpu-profiler.image" -}}
image: {{ printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) }}
{{- with .Values.image.pullPolicy }}
imagePullPolicy: {{ . }}
{{- end }}
{{- end -}}

{{/* What both containers have in common below their ports. */}}
{{- define "gpu-profiler.probes" -}}
livenessProbe:
  httpGet: { path: /healthz, port: metrics }
  timeoutSeconds: 5
readinessProbe:
  httpGet: { path: /readyz, port: metrics }
  timeoutSeconds: 5
{{- end -}}

{{- define "gpu-profiler.securityContext" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  capabilities: { drop: [ALL] }
  seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{/* Where pods go. Takes the values of a component. */}}
{{- define "gpu-profiler.scheduling" -}}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
