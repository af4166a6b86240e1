{{/* Takes the values of an image and the tag to use where none is given: (list context image tag). */}}
{{- define "gpu-profiler.image" -}}
{{- $context := index . 0 -}}
{{- $image := index . 1 -}}
{{- $repository := include "gpu-profiler.repository" (list ($context.Values.global).imageRegistry $image.repository) -}}
{{- $name := printf "%s:%s" $repository (default (index . 2) $image.tag) -}}
image: {{ if $image.digest }}{{ printf "%s@%s" $name $image.digest }}{{ else }}{{ $name }}{{ end }}
{{- with $image.pullPolicy }}
imagePullPolicy: {{ . }}
{{- end }}
{{- end -}}

{{/* The repository in the registry given, in place of the one that its name begins with: a first part with a dot or a port. Takes (list registry repository). */}}
{{- define "gpu-profiler.repository" -}}
{{- $registry := index . 0 -}}
{{- $repository := index . 1 -}}
{{- if $registry -}}
{{- $path := regexReplaceAll "^([^/]*[.:][^/]*|localhost)/" $repository "" -}}
{{- printf "%s/%s" (trimSuffix "/" $registry) $path -}}
{{- else -}}
{{- $repository -}}
{{- end -}}
{{- end -}}

{{- define "gpu-profiler.ownImage" -}}
{{- include "gpu-profiler.image" (list . .Values.image .Chart.AppVersion) -}}
{{- end -}}

{{- define "gpu-profiler.pullSecrets" -}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Where pods go and how they are run. Takes the values of a component. */}}
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
{{- end -}}

{{/* Takes (list context values-of-a-component). */}}
{{- define "gpu-profiler.probes" -}}
{{- $context := index . 0 -}}
{{- $values := index . 1 -}}
livenessProbe:
  {{- include "gpu-profiler.web.probe" (list $context "/healthz") | nindent 2 }}
  {{- toYaml $values.livenessProbe | nindent 2 }}
readinessProbe:
  {{- include "gpu-profiler.web.probe" (list $context "/readyz") | nindent 2 }}
  {{- toYaml $values.readinessProbe | nindent 2 }}
{{- end -}}

{{/*
The Pod Security Standard "restricted", whatever the values leave out of it. runAsGroup: without it the group would be
root's, for no base image knows this user.
*/}}
{{- define "gpu-profiler.restricted" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
capabilities: { drop: [ALL] }
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{/* A container's securityContext: takes (list defaults-as-YAML values); a value of null takes a default away. */}}
{{- define "gpu-profiler.securityContext" -}}
{{- $merged := fromYaml (index . 0) -}}
{{- range $key, $value := index . 1 -}}
{{- if kindIs "invalid" $value -}}
{{- $_ := unset $merged $key -}}
{{- else -}}
{{- $_ := set $merged $key $value -}}
{{- end -}}
{{- end -}}
securityContext:
  {{- toYaml $merged | nindent 2 }}
{{- end -}}
