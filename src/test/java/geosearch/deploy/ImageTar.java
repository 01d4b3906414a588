package geosearch.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * An image in a file, as `docker save` writes it.
 *
 * @param config its configuration
 * @param files the size of each file in its layers, by path
 */
record ImageTar(JsonNode config, Map<String, Long> files) {

  private static final ObjectMapper JSON = new ObjectMapper();

  static ImageTar read(Path tar) throws IOException {
    Map<String, byte[]> parts = new LinkedHashMap<>();
    try (TarArchiveInputStream in = open(Files.newInputStream(tar))) {
      for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        parts.put(entry.getName(), in.readAllBytes());
      }
    }
    JsonNode manifest = JSON.readTree(parts.get("manifest.json")).get(0);
    Map<String, Long> files = new TreeMap<>();
    for (JsonNode layer : manifest.path("Layers")) {
      readLayer(new ByteArrayInputStream(parts.get(layer.asText())), files);
    }
    return new ImageTar(JSON.readTree(parts.get(manifest.path("Config").asText())), files);
  }

  private static void readLayer(InputStream layer, Map<String, Long> files) throws IOException {
    try (TarArchiveInputStream in = open(new GZIPInputStream(layer))) {
      for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (entry.isFile()) {
          files.put(entry.getName().replaceFirst("^/", ""), entry.getSize());
        }
      }
    }
  }

  private static TarArchiveInputStream open(InputStream in) {
    return new TarArchiveInputStream(new BufferedInputStream(in));
  }

  /** Writes an image with a single layer that has no file. */
  static Path writeEmptyBase(Path tar) throws IOException {
    byte[] layer = new byte[1024]; // the end of an archive
    String config =
        """
        {"architecture": "amd64", "os": "linux", "config": {},
         "rootfs": {"type": "layers", "diff_ids": ["sha256:%s"]}}
        """
            .formatted(sha256(layer));
    String manifest = "[{\"Config\": \"config.json\", \"Layers\": [\"layer.tar\"]}]";
    try (OutputStream file = Files.newOutputStream(tar);
        TarArchiveOutputStream out = new TarArchiveOutputStream(file)) {
      put(out, "layer.tar", layer);
      put(out, "config.json", config.getBytes(UTF_8));
      put(out, "manifest.json", manifest.getBytes(UTF_8));
    }
    return tar;
  }

  private static void put(TarArchiveOutputStream out, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    out.putArchiveEntry(entry);
    out.write(content);
    out.closeArchiveEntry();
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
