{{- define "postgis.selector" -}}
app.kubernetes.io/name: postgis
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "postgis.metadata" -}}
name: {{ .Release.Name }}-postgis
namespace: {{ .Release.Namespace }}
labels:
  {{- include "postgis.selector" . | nindent 2 }}
  app.kubernetes.io/managed-by: {{ .Release.Service }}
  helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}
