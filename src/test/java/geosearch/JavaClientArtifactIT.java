package geosearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.testing.ClientArtifact;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code client/pom.xml} makes. */
class JavaClientArtifactIT {

  /** The version of the classes of Java 17. */
  private static final int JAVA_17 = 61;

  private static final int MAGIC = 0xCAFEBABE;

  @Test
  void classes_all_areForJava17() throws IOException {
    List<String> newer = new ArrayList<>();
    int classes = 0;
    try (JarFile jar = new JarFile(ClientArtifact.jar().toFile())) {
      for (JarEntry entry : Collections.list(jar.entries())) {
        if (entry.getName().endsWith(".class")) {
          classes++;
          try (DataInputStream in = new DataInputStream(jar.getInputStream(entry))) {
            assertEquals(MAGIC, in.readInt(), entry::getName);
            in.readUnsignedShort();
            if (in.readUnsignedShort() > JAVA_17) {
              newer.add(entry.getName());
            }
          }
        }
      }
    }
    assertTrue(classes > 100, () -> "it has a few classes only");
    assertEquals(List.of(), newer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "META-INF/LICENSE",
        "META-INF/services/io.grpc.NameResolverProvider",
        "geosearch/client/GeoSearchChannels.class",
        "geosearch/client/service-config.json",
        "geosearch/original/SearchGrpc.class",
        "geosearch/v1/GeoSearchGrpc.class",
        "geosearch/v1/ZonesGrpc.class",
        "geosearch/v1/geosearch.proto",
        "search.proto"
      })
  void jar_whatCallersNeed_isThere(String entry) throws IOException {
    try (JarFile jar = new JarFile(ClientArtifact.jar().toFile())) {
      assertNotNull(jar.getEntry(entry));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "geosearch/Main.class",
        "geosearch.yaml",
        "geosearch/admin/v1/AdministrationGrpc.class",
        "geosearch/admin/v1/administration.proto"
      })
  void jar_whatIsTheServers_isNotThere(String entry) throws IOException {
    try (JarFile jar = new JarFile(ClientArtifact.jar().toFile())) {
      assertNull(jar.getEntry(entry));
    }
  }

  @Test
  void sources_ofTheArtifact_areBesideIt() throws IOException {
    try (JarFile jar = new JarFile(ClientArtifact.sources().toFile())) {
      assertNotNull(jar.getEntry("geosearch/client/GeoSearchChannels.java"));
      assertNotNull(jar.getEntry("geosearch/v1/GeoSearchGrpc.java"));
    }
  }
}
