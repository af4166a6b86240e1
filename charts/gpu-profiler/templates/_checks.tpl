{{/* Keys of config that have to agree with ports, mounts and roles: the chart sets them itself. Each: (component key what-instead). */}}
{{- define "gpu-profiler.checks.config" -}}
{{- range list
  (list "collector" "web.listen-address" "Set collector.port.")
  (list "collector" "web.config.file" "Set web.secretName.")
  (list "collector" "node-name" "It is the name of the pod's node.")
  (list "collector" "pod-resources.enabled" "Set collector.podResources.enabled.")
  (list "collector" "pod-resources.socket" "Set collector.podResources.enabled and collector.kubeletPath.")
  (list "controller" "web.listen-address" "Set controller.port.")
  (list "controller" "web.config.file" "Set web.secretName.")
  (list "controller" "prometheus.url" "Set prometheus.url.")
  (list "controller" "kubeconfig" "The controller uses the service account of its pod.")
  (list "controller" "kube.context" "The controller uses the service account of its pod.")
  (list "controller" "lease.enabled" "Several replicas need it.")
  (list "controller" "lease.name" "It follows fullnameOverride, as the Role does.")
  (list "controller" "lease.namespace" "It is the namespace of the release.")
  (list "controller" "once" "A Deployment would start it again and again. `helm test` runs one cycle."
) -}}
{{- $component := index . 0 -}}
{{- $found := (index $.Values $component).config -}}
{{- range $key := splitList "." (index . 1) -}}
{{- if kindIs "map" $found -}}
{{- $found = get $found $key -}}
{{- end -}}
{{- end -}}
{{- if not (or (kindIs "invalid" $found) (eq (toString $found) "")) -}}
{{- fail (printf "%s.config: %s is set by the chart. %s" $component (index . 1) (index . 2)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Values that are right each for itself and wrong together. */}}
{{- define "gpu-profiler.checks.combinations" -}}
{{- $auth := .Values.prometheus.auth -}}
{{- if .Values.controller.enabled -}}
{{- $_ := include "gpu-profiler.prometheusUrl" . -}}
{{- end -}}
{{- range list "bearerTokenKey" "passwordKey" "caKey" "certKey" "keyKey" -}}
{{- if and (index $auth .) (not $auth.secretName) -}}
{{- fail (printf "prometheus.auth.%s needs prometheus.auth.secretName: the Secret that holds the key." .) -}}
{{- end -}}
{{- end -}}
{{- if ne (empty $auth.username) (empty $auth.passwordKey) -}}
{{- fail "prometheus.auth.username and prometheus.auth.passwordKey go together: set both, or none." -}}
{{- end -}}
{{- if ne (empty $auth.certKey) (empty $auth.keyKey) -}}
{{- fail "prometheus.auth.certKey and prometheus.auth.keyKey go together: set both, or none." -}}
{{- end -}}
{{- if and $auth.bearerTokenKey $auth.username -}}
{{- fail "prometheus.auth.bearerTokenKey and prometheus.auth.username exclude each other: leave one of them away." -}}
{{- end -}}
{{- $web := .Values.web -}}
{{- if and (or $web.tls $web.clientCertificates) (not $web.secretName) -}}
{{- fail "web.tls and web.clientCertificates tell what the file in web.secretName switches on: set that too." -}}
{{- end -}}
{{- range list "usernameKey" "passwordKey" "caKey" "certKey" "keyKey" -}}
{{- if and (index $web.scrape .) (not $web.scrape.secretName) -}}
{{- fail (printf "web.scrape.%s needs web.scrape.secretName: the Secret that holds the key." .) -}}
{{- end -}}
{{- end -}}
{{- if or (ne (empty $web.scrape.usernameKey) (empty $web.scrape.passwordKey)) (ne (empty $web.scrape.certKey) (empty $web.scrape.keyKey)) -}}
{{- fail "web.scrape.usernameKey and passwordKey go together, as do certKey and keyKey: set both, or none." -}}
{{- end -}}
{{- if and .Values.serviceMonitor.enabled .Values.podMonitor.enabled -}}
{{- fail "serviceMonitor.enabled and podMonitor.enabled exclude each other: every collector would be scraped twice, and every sum be twice too large." -}}
{{- end -}}
{{- if and .Values.collector.driver.privileged (not .Values.collector.driver.hostPath) -}}
{{- fail "collector.driver.privileged is for nodes whose driver library is mounted from collector.driver.hostPath: set that, or leave it off." -}}
{{- end -}}
{{- end -}}
