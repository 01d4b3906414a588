# Sourced by the commands here: builds the benchmarks, and sets `java`, to be run at the top of the repository. Commands that
# run the server's jar in a container set `build` to the goals that make it too.
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck disable=SC2086 # several words
./mvnw -B -ntp -q -Pbench ${build:-process-test-classes}
. .mvn/find-jdk.sh
find_java jdk
# shellcheck disable=SC2034 # used by who sources this
java=("$java_home/bin/java" @bench/jvm.options -cp "target/test-classes:target/classes:$(cat target/bench.classpath)")
