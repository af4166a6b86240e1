{{/*
What to say where our own Prometheus stands beside one that was there before: by the Services of the cluster, which an
installer can see, and by the kinds of Prometheus Operator. Empty without a cluster, as in `helm template`.
*/}}
{{- define "gpu-profiler.otherPrometheus" -}}
{{- if include "gpu-profiler.prometheus.embedded" . -}}
{{- $urls := list -}}
{{- if .Values.prometheus.lookForOthers -}}
{{- range $service := (lookup "v1" "Service" "" "").items -}}
{{- with include "gpu-profiler.otherPrometheus.url" (list $ $service) -}}
{{- $urls = append $urls . -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $monitor := ternary "podMonitor.enabled=true" "" (.Capabilities.APIVersions.Has "monitoring.coreos.com/v1/PodMonitor") -}}
{{- $flags := list (printf "prometheus.url=%s" (default "http://…" (first $urls))) $monitor | compact | join "," -}}
{{- if $urls -}}
This cluster has a Prometheus already: {{ join ", " (sortAlpha $urls) }}. A second one was installed beside it.
{{- else if $monitor -}}
This cluster has Prometheus Operator, so probably a Prometheus. A second one was installed beside it.
{{- end -}}
{{- if or $urls $monitor }}
To use yours instead: helm upgrade {{ .Release.Name }} … --reuse-values --set {{ $flags }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The address of a Service that looks like the web port of a Prometheus and is not ours. Takes (list context service). */}}
{{- define "gpu-profiler.otherPrometheus.url" -}}
{{- $context := index . 0 -}}
{{- $service := index . 1 -}}
{{- $name := $service.metadata.name -}}
{{- $namespace := $service.metadata.namespace -}}
{{- $isOurs := and (eq $name (include "gpu-profiler.prometheus" $context)) (eq $namespace (include "gpu-profiler.namespace" $context)) -}}
{{- $isOther := regexMatch "alertmanager|operator|adapter|exporter|pushgateway" (regexReplaceAll "^prometheus-operated$" $name "") -}}
{{- if and (contains "prometheus" $name) (not $isOurs) (not $isOther) -}}
{{- $ports := list -}}
{{- range $service.spec.ports -}}
{{- if eq (int .port) 9090 -}}
{{- $ports = prepend $ports 9090 -}}
{{- else if and (eq (int .port) 80) (has (default "" .name) (list "http" "web")) -}}
{{- $ports = append $ports 80 -}}
{{- end -}}
{{- end -}}
{{- with first $ports -}}
{{- printf "http://%s.%s:%d" $name $namespace (int .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
