# Sourced by geosearch and by the launcher of a release (POSIX sh), after find-jdk.sh, which has found `java_home`:
#
#   run_geosearch JAR FLAGS [ARGUMENT...]   hands over to Java; a server gets the settings of the JVM in the file FLAGS

run_geosearch() {
  jar=$1 server_flags=$2
  shift 2
  # A command that asks one thing and ends wants a quick start; what runs for longer wants the JVM's full choice.
  options="-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
  flags=
  for argument; do
    case $argument in
      serve)
        options="-XX:+ExitOnOutOfMemoryError -Xlog:pagesize=off" flags=$server_flags
        break
        ;;
      import | load-test) options="" && break ;;
    esac
  done

  # Netty and protobuf use sun.misc.Unsafe, which Java warns of from release 24 on.
  # shellcheck disable=SC2086,SC2154 # options are words; java_home is find_java's
  exec "$java_home/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    ${flags:+"-XX:Flags=$flags"} $options ${GEOSEARCH_JAVA_OPTS:-} -jar "$jar" "$@"
}
