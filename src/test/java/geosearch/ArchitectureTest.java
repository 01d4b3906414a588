package geosearch;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which package may use which: the table of ARCHITECTURE.md. */
class ArchitectureTest {

  /** The packages that each may use; the root may use all. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          entry("config"),
          entry("geo"),
          entry("health"),
          entry("client"),
          entry("metrics", "config"),
          entry("atlas", "geo"),
          entry("store", "geo", "config"),
          entry("load", "store", "atlas", "geo", "health", "metrics", "config"),
          entry("traffic"),
          entry("rpc", "atlas", "store", "load", "geo", "health", "metrics", "config", "traffic"),
          entry("discovery", "health", "config", "metrics"),
          entry(
              "cli",
              "config",
              "geo",
              "health",
              "metrics",
              "atlas",
              "store",
              "load",
              "rpc",
              "discovery",
              "client"));

  /** Generated code lies beside ours. */
  private static final List<String> GENERATED =
      List.of("geosearch.original", "geosearch.v1", "geosearch.admin.v1");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("geosearch");

  private static Map.Entry<String, Set<String>> entry(String name, String... mayUse) {
    return Map.entry(name, Set.of(mayUse));
  }

  static Stream<String> packages() {
    return MAY_USE.keySet().stream().sorted();
  }

  @Test
  void table_namesEveryPackage() {
    Set<String> packages =
        CLASSES.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> !name.equals("geosearch") && !GENERATED.contains(name))
            .map(name -> name.replaceFirst("geosearch\\.(\\w+).*", "$1"))
            .collect(Collectors.toSet());

    Assertions.assertEquals(MAY_USE.keySet(), packages);
  }

  @ParameterizedTest
  @MethodSource("packages")
  void package_usesOnlyWhatItMay(String name) {
    String[] forbidden =
        Stream.concat(Stream.of("geosearch"), packages().map(other -> "geosearch." + other + ".."))
            .filter(other -> !other.equals("geosearch." + name + ".."))
            .filter(
                other -> MAY_USE.get(name).stream().noneMatch(p -> other.contains("." + p + ".")))
            .toArray(String[]::new);

    ArchRuleDefinition.noClasses()
        .that()
        .resideInAPackage("geosearch." + name + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden)
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void packages_haveNoCycles() {
    slices().matching("geosearch.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void sql_standsInTheStoreAlone() {
    only("store", "java.sql..", "javax.sql..", "org.h2..", "org.postgresql..", "org.flywaydb..");
  }

  @Test
  void grpc_isForTheServerAndItsCallersAlone() {
    ArchRuleDefinition.noClasses()
        .that()
        .resideInAnyPackage(
            packages()
                .filter(name -> !Set.of("rpc", "traffic", "cli", "client").contains(name))
                .map(name -> "geosearch." + name + "..")
                .toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.grpc..", "com.google.protobuf..")
        .check(CLASSES);
  }

  @Test
  void client_needsNothingThatGrpcDoesNotBring() {
    ArchRuleDefinition.classes()
        .that()
        .resideInAPackage("geosearch.client..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..", "org.jspecify..", "io.grpc", "com.google.gson..", "geosearch.client..")
        .check(CLASSES);
  }

  @Test
  void errorsOfTheServer_haveDetails() {
    // Status without details is for those who close a call with what they were given.
    ArchRuleDefinition.noClasses()
        .that()
        .resideInAPackage("geosearch.rpc..")
        .should()
        .callMethod(io.grpc.Status.class, "asRuntimeException")
        .orShould()
        .callMethod(io.grpc.Status.class, "asException")
        .orShould()
        .callMethod(io.grpc.Status.class, "withDescription", String.class)
        .check(CLASSES);
  }

  @Test
  void core_knowsNoFramework() {
    // Geometry, geodesics and the distance between words are no frameworks.
    ArchRuleDefinition.classes()
        .that()
        .resideInAnyPackage("geosearch.geo..", "geosearch.atlas..", "geosearch.health..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.jspecify..",
            "org.locationtech.jts..",
            "net.sf.geographiclib..",
            "org.apache.commons.text.similarity..",
            "org.slf4j..",
            "geosearch..")
        .check(CLASSES);
  }

  private static void only(String name, String... libraries) {
    ArchRuleDefinition.noClasses()
        .that()
        .resideOutsideOfPackage("geosearch." + name + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(libraries)
        .check(CLASSES);
  }
}
