# Sourced by the commands here: builds the benchmarks, and sets `java`, to be run at the top of the repository.
cd "$(dirname "${BASH_SOURCE[0]}")/.."
./mvnw -B -ntp -q -Pbench process-test-classes
. .mvn/find-jdk.sh
find_java jdk
# shellcheck disable=SC2034 # used by who sources this
java=("$java_home/bin/java" @bench/jvm.options -cp "target/test-classes:target/classes:$(cat target/bench.classpath)")
