{{/* The controller's configuration file: controller.config, and the keys that the chart answers for. */}}
{{- define "gpu-profiler.controller.config" -}}
{{- $web := dict "listen-address" (printf ":%d" (int .Values.controller.port)) -}}
{{- if .Values.web.secretName -}}
{{- $_ := set $web "config" (dict "file" (printf "/etc/gpu-profiler-web/%s" .Values.web.file)) -}}
{{- end -}}
{{- $own := dict "web" $web -}}
{{- toYaml (mergeOverwrite (deepCopy .Values.controller.config) $own) -}}
{{- end -}}

{{/* Where Prometheus is asked. */}}
{{- define "gpu-profiler.prometheusUrl" -}}
{{- if .Values.prometheus.url -}}
{{- .Values.prometheus.url -}}
{{- else if .Values.prometheus.enabled -}}
{{- printf "http://%s.%s:9090" (include "gpu-profiler.prometheus" .) (include "gpu-profiler.namespace" .) -}}
{{- else -}}
{{- fail "prometheus.url is needed where prometheus.enabled is false: the controller has to ask a Prometheus, such as http://prometheus.monitoring:9090." -}}
{{- end -}}
{{- end -}}

{{/* What the program is told by the environment, in the Deployment and wherever else a controller runs. */}}
{{- define "gpu-profiler.controller.env" -}}
- name: GPU_PROFILER_PROMETHEUS_URL
  value: {{ include "gpu-profiler.prometheusUrl" . | quote }}
{{- with .Values.prometheus.auth }}
{{- if .secretName }}
{{- $folder := "/etc/gpu-profiler-prometheus" }}
{{- with .bearerTokenKey }}
- { name: GPU_PROFILER_PROMETHEUS_BEARER_TOKEN_FILE, value: {{ $folder }}/{{ . }} }
{{- end }}
{{- with .username }}
- { name: GPU_PROFILER_PROMETHEUS_BASIC_AUTH_USERNAME, value: {{ . | quote }} }
{{- end }}
{{- with .passwordKey }}
- { name: GPU_PROFILER_PROMETHEUS_BASIC_AUTH_PASSWORD_FILE, value: {{ $folder }}/{{ . }} }
{{- end }}
{{- with .caKey }}
- { name: GPU_PROFILER_PROMETHEUS_CA_FILE, value: {{ $folder }}/{{ . }} }
{{- end }}
{{- with .certKey }}
- { name: GPU_PROFILER_PROMETHEUS_CERT_FILE, value: {{ $folder }}/{{ . }} }
{{- end }}
{{- with .keyKey }}
- { name: GPU_PROFILER_PROMETHEUS_KEY_FILE, value: {{ $folder }}/{{ . }} }
{{- end }}
{{- end }}
{{- end }}
- name: GPU_PROFILER_LEASE_NAMESPACE
  valueFrom: { fieldRef: { fieldPath: metadata.namespace } }
# The Role allows the Lease of this name alone.
- { name: GPU_PROFILER_LEASE_NAME, value: {{ include "gpu-profiler.controller" . }} }
{{- with .Values.controller.env }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "gpu-profiler.controller.mounts" -}}
- { name: config, mountPath: /etc/gpu-profiler, readOnly: true }
{{- include "gpu-profiler.web.mount" . }}
{{- if .Values.prometheus.auth.secretName }}
- { name: prometheus-auth, mountPath: /etc/gpu-profiler-prometheus, readOnly: true }
{{- end }}
{{- with .Values.controller.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "gpu-profiler.controller.volumes" -}}
- name: config
  configMap: { name: {{ include "gpu-profiler.controller" . }} }
{{- include "gpu-profiler.web.volume" . }}
{{- with .Values.prometheus.auth.secretName }}
- name: prometheus-auth
  secret: { secretName: {{ . }} }
{{- end }}
{{- with .Values.controller.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}
