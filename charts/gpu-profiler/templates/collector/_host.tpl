{{/* Every folder of the node that the collector sees, with the reason. */}}
{{- define "gpu-profiler.collector.hostVolumes" -}}
{{- if .Values.collector.podResources.enabled }}
# The kubelet tells on a socket in here which pod holds which GPU. The folder, not the socket: a restarted kubelet makes
# a new one. Read-only: nothing can be made or removed in it.
- name: pod-resources
  hostPath: { path: {{ .Values.collector.kubeletPath }}/pod-resources, type: Directory }
{{- end }}
{{- with .Values.collector.driver.hostPath }}
# The driver library, where no NVIDIA runtime mounts it. Read-only.
- name: driver
  hostPath: { path: {{ . }}, type: Directory }
{{- end }}
{{- end -}}

{{- define "gpu-profiler.collector.hostMounts" -}}
{{- if .Values.collector.podResources.enabled }}
- { name: pod-resources, mountPath: /var/lib/kubelet/pod-resources, readOnly: true }
{{- end }}
{{- if .Values.collector.driver.hostPath }}
- { name: driver, mountPath: /driver, readOnly: true }
{{- end }}
{{- end -}}

{{/* The kubelet's socket belongs to root and to nobody else: for it the user is root, with no capability at all. */}}
{{- define "gpu-profiler.collector.securityContext" -}}
{{- $context := fromYaml (include "gpu-profiler.restricted" .) -}}
{{- if .Values.collector.podResources.enabled -}}
{{- $_ := mergeOverwrite $context (dict "runAsNonRoot" false "runAsUser" 0 "runAsGroup" 0) -}}
{{- end -}}
{{- if .Values.collector.driver.privileged -}}
{{- $_ := mergeOverwrite $context (dict "privileged" true "allowPrivilegeEscalation" true "runAsNonRoot" false "runAsUser" 0 "runAsGroup" 0) -}}
{{- $_ := unset $context "capabilities" -}}
{{- $_ := unset $context "seccompProfile" -}}
{{- end -}}
{{- toYaml $context -}}
{{- end -}}
