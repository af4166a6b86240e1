{{/* The web configuration file (TLS, basic auth) and what it names, for collector and controller. */}}
{{- define "gpu-profiler.web.mount" -}}
{{- if .Values.web.secretName }}
- { name: web, mountPath: /etc/gpu-profiler-web, readOnly: true }
{{- end }}
{{- end -}}

{{- define "gpu-profiler.web.volume" -}}
{{- with .Values.web.secretName }}
- name: web
  secret: { secretName: {{ . }} }
{{- end }}
{{- end -}}

{{/* How a probe asks for a path; where clients need a certificate the kubelet has none, and only sees whether the port is open. Takes (list context path). */}}
{{- define "gpu-profiler.web.probe" -}}
{{- $web := (index . 0).Values.web -}}
{{- if $web.clientCertificates -}}
tcpSocket: { port: metrics }
{{- else -}}
httpGet: { path: {{ index . 1 }}, port: metrics{{ if $web.tls }}, scheme: HTTPS{{ end }} }
{{- end -}}
{{- end -}}

{{/* How our own Prometheus asks collector and controller. */}}
{{- define "gpu-profiler.web.scrape" -}}
{{- $scrape := .Values.web.scrape -}}
{{- $folder := "/etc/gpu-profiler-scrape" -}}
{{- if .Values.web.tls }}
scheme: https
tls_config:
  {{- if $scrape.caKey }}
  ca_file: {{ $folder }}/{{ $scrape.caKey }}
  {{- else }}
  insecure_skip_verify: true
  {{- end }}
  {{- with $scrape.serverName }}
  server_name: {{ . }}
  {{- end }}
  {{- if $scrape.certKey }}
  cert_file: {{ $folder }}/{{ $scrape.certKey }}
  key_file: {{ $folder }}/{{ $scrape.keyKey }}
  {{- end }}
{{- end }}
{{- if $scrape.passwordKey }}
basic_auth:
  username_file: {{ $folder }}/{{ $scrape.usernameKey }}
  password_file: {{ $folder }}/{{ $scrape.passwordKey }}
{{- end }}
{{- end -}}

{{/* The same in the words of Prometheus Operator. */}}
{{- define "gpu-profiler.web.endpoint" -}}
{{- $scrape := .Values.web.scrape -}}
{{- if .Values.web.tls }}
scheme: https
tlsConfig:
  {{- if $scrape.caKey }}
  ca: { secret: { name: {{ $scrape.secretName }}, key: {{ $scrape.caKey }} } }
  {{- else }}
  insecureSkipVerify: true
  {{- end }}
  {{- with $scrape.serverName }}
  serverName: {{ . }}
  {{- end }}
  {{- if $scrape.certKey }}
  cert: { secret: { name: {{ $scrape.secretName }}, key: {{ $scrape.certKey }} } }
  keySecret: { name: {{ $scrape.secretName }}, key: {{ $scrape.keyKey }} }
  {{- end }}
{{- end }}
{{- if $scrape.passwordKey }}
basicAuth:
  username: { name: {{ $scrape.secretName }}, key: {{ $scrape.usernameKey }} }
  password: { name: {{ $scrape.secretName }}, key: {{ $scrape.passwordKey }} }
{{- end }}
{{- end -}}
