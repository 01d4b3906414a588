# Sourced by mvnw and geosearch (POSIX sh): finds a Java that is new enough, even where the default one is not.
#
#   find_java jdk|jre   sets java_home to a Java of release $java_release or later, with a compiler for `jdk`; prefers that
#                       very release. Where there is none, says on standard error how to get one and returns 1.
#
# It looks at GEOSEARCH_JAVA_HOME, which has to fit where it is set; then at JAVA_HOME and at the java on the PATH; then where
# packages and version managers install.

java_release=25

# The release of the Java in a folder, such as 25; nothing where there is none. Its file `release` saves starting it.
java_release_of() {
  [ -x "$1/bin/java" ] || return 0
  version=
  [ ! -r "$1/release" ] || version=$(sed -n 's/^JAVA_VERSION="\{0,1\}\([^"]*\).*/\1/p' "$1/release")
  [ -n "$version" ] || version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p')
  version=${version#1.}
  printf '%s' "${version%%[!0-9]*}"
}

# fits HOME KIND: sets found_release where it does.
java_fits() {
  [ "$2" = jre ] || [ -x "$1/bin/javac" ] || return 1
  found_release=$(java_release_of "$1")
  [ -n "$found_release" ] && [ "$found_release" -ge "$java_release" ]
}

# The home of the java on the PATH, through its links; nothing where that is a version manager's script.
java_home_on_path() {
  link=$(command -v java) || return 0
  while [ -L "$link" ]; do
    target=$(readlink "$link")
    case $target in
      /*) link=$target ;;
      *) link=$(dirname "$link")/$target ;;
    esac
  done
  (cd "$(dirname "$link")/.." 2>/dev/null && pwd -P)
}

find_java() {
  if [ -n "${GEOSEARCH_JAVA_HOME:-}" ]; then
    java_home=$GEOSEARCH_JAVA_HOME
    ! java_fits "$java_home" "$1" || return 0
    found_release=$(java_release_of "$java_home")
    echo "GEOSEARCH_JAVA_HOME=$java_home is not a $(java_kind "$1") $java_release or later${found_release:+ (it is a Java $found_release)}." >&2
    return 1
  fi
  for java_home in "${JAVA_HOME:-}" "$(java_home_on_path)"; do
    [ -n "$java_home" ] && java_fits "$java_home" "$1" && return 0
  done
  newer=
  for java_home in \
    /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/lib/jvm/* /usr/local/* /opt/* /opt/java/* /opt/jvm/* \
    "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/* \
    "${ASDF_DATA_DIR:-$HOME/.asdf}"/installs/java/* \
    "${MISE_DATA_DIR:-${XDG_DATA_HOME:-$HOME/.local/share}/mise}"/installs/java/* \
    "$HOME"/.jdks/* "$HOME"/.jenv/versions/* "$HOME"/.jabba/jdk/* "${GRADLE_USER_HOME:-$HOME/.gradle}"/jdks/* \
    "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home /Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /home/linuxbrew/.linuxbrew/opt/openjdk*/libexec; do
    java_fits "$java_home" "$1" || continue
    [ "$found_release" -ne "$java_release" ] || return 0
    newer=${newer:-$java_home}
  done
  java_home=$newer
  [ -z "$java_home" ] || return 0
  java_missing "$1"
  return 1
}

java_kind() {
  case $1 in jdk) echo JDK ;; *) echo Java ;; esac
}

java_missing() {
  default=$(java_release_of "$(java_home_on_path)")
  cat >&2 <<EOF
This needs a $(java_kind "$1") $java_release or later, and none was found${default:+ (the java on the PATH is release $default)}. Install one:
  Debian, Ubuntu    apt install openjdk-$java_release-jdk-headless, or Temurin's package temurin-$java_release-jdk
  Fedora            dnf install java-$java_release-openjdk-devel
  macOS             brew install openjdk@$java_release
  anywhere          sdk install java $java_release-tem (SDKMAN; on Windows within WSL)
One that is elsewhere is named with GEOSEARCH_JAVA_HOME=/path/to/it.
EOF
}
