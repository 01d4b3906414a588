{{- define "graphite.selector" -}}
app.kubernetes.io/name: graphite
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "graphite.metadata" -}}
name: {{ .Release.Name }}-graphite
namespace: {{ .Release.Namespace }}
labels:
  {{- include "graphite.selector" . | nindent 2 }}
  app.kubernetes.io/managed-by: {{ .Release.Service }}
  helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}
