{{/* Names stay below 63 characters with the longest ending. */}}
{{- define "geosearch.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "geosearch.selector" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Never the image's tag: it may be a digest, which is no label. */}}
{{- define "geosearch.labels" -}}
{{ include "geosearch.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Call with (dict "top" $ "name" "-headless" "component" "server" "annotations" $map). */}}
{{- define "geosearch.metadata" -}}
name: {{ include "geosearch.fullname" .top }}{{ .name }}
namespace: {{ .top.Release.Namespace }}
labels:
  {{- include "geosearch.labels" .top | nindent 2 }}
  app.kubernetes.io/component: {{ default "server" .component }}
{{- with merge (dict) (default (dict) .annotations) .top.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "geosearch.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{- if .tag }}{{ printf "%s:%s@%s" .repository .tag .digest }}{{ else }}{{ printf "%s@%s" .repository .digest }}{{ end -}}
{{- else -}}
{{- printf "%s:%s" .repository (default $.Chart.AppVersion .tag) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "geosearch.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "geosearch.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "geosearch.database.host" -}}
{{- if .Values.database.host -}}
{{- .Values.database.host -}}
{{- else if .Values.postgis.enabled -}}
{{- printf "%s-postgis" .Release.Name -}}
{{- else -}}
{{- fail "name a PostGIS (database.host), or let the chart bring one (postgis.enabled=true)" -}}
{{- end -}}
{{- end -}}

{{/* Whether the chart's own PostGIS is used. */}}
{{- define "geosearch.database.own" -}}
{{- if and .Values.postgis.enabled (not .Values.database.host) }}true{{ end -}}
{{- end -}}

{{- define "geosearch.database.secret" -}}
{{- if .Values.database.existingSecret -}}
{{- .Values.database.existingSecret -}}
{{- else if include "geosearch.database.own" . -}}
{{- .Values.postgis.existingSecret | default (printf "%s-postgis" .Release.Name) -}}
{{- else if .Values.database.password -}}
{{- printf "%s-database" (include "geosearch.fullname" .) -}}
{{- end -}}
{{- end -}}

{{- define "geosearch.consul.host" -}}
{{- if .Values.discovery.enabled -}}
{{- if eq .Values.discovery.agent "node" -}}
{{- if .Values.discovery.host }}{{ fail "discovery.agent=node takes the node's address; leave discovery.host empty" }}{{ end -}}
{{- else if .Values.discovery.host -}}
{{- .Values.discovery.host -}}
{{- else if .Values.consul.enabled -}}
{{- printf "%s-consul" .Release.Name -}}
{{- else -}}
{{- fail "name a Consul (discovery.host, or discovery.agent=node), let the chart bring one (consul.enabled=true), or set discovery.enabled=false" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "geosearch.statsd.host" -}}
{{- if .Values.statsd.host -}}
{{- .Values.statsd.host -}}
{{- else if .Values.graphite.enabled -}}
{{- printf "%s-graphite" .Release.Name -}}
{{- end -}}
{{- end -}}

{{/* How many replicas there are at least. */}}
{{- define "geosearch.replicas" -}}
{{- if .Values.autoscaling.enabled }}{{ .Values.autoscaling.minReplicas }}{{ else }}{{ .Values.replicas }}{{ end -}}
{{- end -}}

{{/* The file of settings: what follows from the values, and the user's own settings over it. */}}
{{- define "geosearch.settings" -}}
{{- $store := dict "host" (include "geosearch.database.host" .) "port" .Values.database.port "ssl-mode" .Values.database.sslMode "schema" .Values.database.schema -}}
{{- if include "geosearch.database.own" . -}}
{{- $_ := set $store "database" .Values.postgis.database -}}
{{- $_ := set $store "user" .Values.postgis.user -}}
{{- else -}}
{{- $_ := set $store "database" .Values.database.name -}}
{{- $_ := set $store "user" .Values.database.user -}}
{{- end -}}
{{- if include "geosearch.database.secret" . -}}
{{- $_ := set $store "password-file" "/etc/geosearch/database/password" -}}
{{- end -}}
{{- $stop := dict "deregister-timeout" (printf "%ds" (int .Values.stop.deregisterTimeout)) "drain-delay" (printf "%ds" (int .Values.stop.drainDelay)) "grace" (printf "%ds" (int .Values.stop.grace)) "close-timeout" (printf "%ds" (int .Values.stop.closeTimeout)) -}}
{{- $all := dict "store" (dict "postgis" $store) "stop" $stop "zones" (dict "write" .Values.zones.write) "server" (dict "max-connection-age" (printf "%ds" (int .Values.maxConnectionAge))) -}}
{{- if .Values.discovery.enabled -}}
{{- $consul := dict "port" .Values.discovery.port "scheme" .Values.discovery.scheme "service-name" .Values.discovery.serviceName "tags" .Values.discovery.tags "register-after-probe" true -}}
{{- with include "geosearch.consul.host" . }}{{ $_ := set $consul "host" . }}{{ end -}}
{{- if .Values.discovery.tokenSecret }}{{ $_ := set $consul "token-file" "/etc/geosearch/consul/token" }}{{ end -}}
{{- $_ := set $all "consul" $consul -}}
{{- end -}}
{{- with include "geosearch.statsd.host" . -}}
{{- $_ := set $all "statsd" (dict "host" . "port" $.Values.statsd.port "prefix" $.Values.statsd.prefix) -}}
{{- end -}}
{{- toYaml (mergeOverwrite $all (deepCopy .Values.settings)) -}}
{{- end -}}

{{/* What a pod of the image needs to have the settings, whichever command it runs. */}}
{{- define "geosearch.env" -}}
- name: GEOSEARCH_CONFIG
  value: /etc/geosearch/settings/geosearch.yaml
{{- with .Values.javaToolOptions }}
- name: JAVA_TOOL_OPTIONS
  value: {{ . | quote }}
{{- end }}
{{- end -}}

{{- define "geosearch.volumeMounts" -}}
- {name: tmp, mountPath: /tmp}
- {name: settings, mountPath: /etc/geosearch/settings, readOnly: true}
{{- if include "geosearch.database.secret" . }}
- {name: database, mountPath: /etc/geosearch/database, readOnly: true}
{{- end }}
{{- if and .Values.discovery.enabled .Values.discovery.tokenSecret }}
- {name: consul, mountPath: /etc/geosearch/consul, readOnly: true}
{{- end }}
{{- end -}}

{{- define "geosearch.volumes" -}}
- name: tmp
  emptyDir: {sizeLimit: 256Mi}
- name: settings
  configMap: {name: {{ include "geosearch.fullname" . }}}
{{- with include "geosearch.database.secret" . }}
- name: database
  secret:
    secretName: {{ . }}
    items: [{key: {{ if and (include "geosearch.database.own" $) (not $.Values.database.existingSecret) }}password{{ else }}{{ $.Values.database.passwordKey }}{{ end }}, path: password}]
{{- end }}
{{- if and .Values.discovery.enabled .Values.discovery.tokenSecret }}
- name: consul
  secret:
    secretName: {{ .Values.discovery.tokenSecret }}
    items: [{key: {{ .Values.discovery.tokenKey }}, path: token}]
{{- end }}
{{- end -}}

{{/* What is the same for every pod of the image. */}}
{{- define "geosearch.podSpec" -}}
serviceAccountName: {{ include "geosearch.serviceAccount" . }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  {{- toYaml .Values.podSecurityContext | nindent 2 }}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "geosearch.container" -}}
image: {{ include "geosearch.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  {{- toYaml .Values.securityContext | nindent 2 }}
{{- end -}}

{{/* Refuses values that can't work together. */}}
{{- define "geosearch.check" -}}
{{- with .Values.stop -}}
{{- /* A stop closes the services, the connections and four parts, each within the close time-out. */ -}}
{{- $sum := add .deregisterTimeout .drainDelay .grace (mul 6 .closeTimeout) -}}
{{- if le (int $.Values.terminationGracePeriodSeconds) (int $sum) -}}
{{- fail (printf "terminationGracePeriodSeconds is %d, and must be above %d, what a stop may take (stop.deregisterTimeout + drainDelay + grace + 6 closeTimeout)" (int $.Values.terminationGracePeriodSeconds) (int $sum)) -}}
{{- end -}}
{{- end -}}
{{- if .Values.settings.stop }}{{ fail "set stop.* of the chart, not settings.stop: the grace period is checked against it" }}{{ end -}}
{{- if and .Values.database.existingSecret .Values.database.password }}{{ fail "database.existingSecret and database.password name a password each; keep one of them" }}{{ end -}}
{{- if and .Values.autoscaling.enabled (gt (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas)) }}{{ fail "autoscaling.minReplicas is above autoscaling.maxReplicas" }}{{ end -}}
{{- if and .Values.route.enabled (not .Values.route.parentRefs) }}{{ fail "route.parentRefs must name a gateway" }}{{ end -}}
{{- end -}}
