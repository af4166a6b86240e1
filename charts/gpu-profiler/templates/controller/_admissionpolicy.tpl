{{/* Not empty where the policy is to be there: asked for, or "auto" on a cluster that knows the kind (1.30 and later). */}}
{{- define "gpu-profiler.admissionPolicy" -}}
{{- $wanted := .Values.controller.admissionPolicy.enabled | toString -}}
{{- $known := or (.Capabilities.APIVersions.Has "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy") (semverCompare ">=1.30-0" .Capabilities.KubeVersion.Version) -}}
{{- if and .Values.controller.enabled (or (eq $wanted "true") (and (eq $wanted "auto") $known)) -}}
yes
{{- end -}}
{{- end -}}
