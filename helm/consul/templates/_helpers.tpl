{{- define "consul.selector" -}}
app.kubernetes.io/name: consul
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "consul.metadata" -}}
name: {{ .Release.Name }}-consul
namespace: {{ .Release.Namespace }}
labels:
  {{- include "consul.selector" . | nindent 2 }}
  app.kubernetes.io/managed-by: {{ .Release.Service }}
  helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}
