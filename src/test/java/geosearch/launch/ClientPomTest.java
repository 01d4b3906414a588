package geosearch.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The client's pom stands by itself, and says of versions what the server's says. */
class ClientPomTest {

  private static final Path CLIENT = Path.of("client", "pom.xml");
  private static final Path SERVER = Path.of("pom.xml");

  @Test
  void version_ofTheClient_isThatOfTheServer() throws Exception {
    assertEquals(child(root(SERVER), "version"), child(root(CLIENT), "version"));
  }

  @Test
  void properties_ofBoth_agree() throws Exception {
    Map<String, String> server = properties(root(SERVER));
    Map<String, String> client = properties(root(CLIENT));
    client.keySet().retainAll(server.keySet());
    // The one that is meant to differ.
    client.remove("maven.compiler.release");

    assertFalse(client.isEmpty());
    client.forEach((name, value) -> assertEquals(server.get(name), value, name));
  }

  @Test
  void plugins_ofBoth_areOfTheSameVersions() throws Exception {
    Map<String, String> server = plugins(SERVER);
    Map<String, String> client = plugins(CLIENT);
    client.keySet().retainAll(server.keySet());

    assertFalse(client.isEmpty());
    client.forEach((name, value) -> assertEquals(server.get(name), value, name));
  }

  private static Element root(Path pom) throws Exception {
    Document document =
        DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(pom.toFile());
    return document.getDocumentElement();
  }

  private static String child(Element parent, String name) {
    NodeList children = parent.getChildNodes();
    for (int i = 0; i < children.getLength(); i++) {
      if (children.item(i).getNodeName().equals(name)) {
        return children.item(i).getTextContent();
      }
    }
    return "";
  }

  private static Map<String, String> properties(Element project) {
    Map<String, String> properties = new TreeMap<>();
    NodeList all = project.getElementsByTagName("properties").item(0).getChildNodes();
    for (int i = 0; i < all.getLength(); i++) {
      if (all.item(i) instanceof Element property) {
        properties.put(property.getTagName(), property.getTextContent());
      }
    }
    return properties;
  }

  /** By their names; of one that is there twice the one with a version. */
  private static Map<String, String> plugins(Path pom) throws Exception {
    Map<String, String> plugins = new TreeMap<>();
    NodeList all = root(pom).getElementsByTagName("plugin");
    for (int i = 0; i < all.getLength(); i++) {
      Element plugin = (Element) all.item(i);
      String version = child(plugin, "version");
      if (!version.isEmpty()) {
        plugins.put(child(plugin, "artifactId"), version);
      }
    }
    return plugins;
  }
}
