package geosearch.config;

import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The names of settings in the environment, and the variables that look like one and are none. */
final class EnvironmentVariables {

  private static final String PREFIX = "GEOSEARCH_";

  /** What the launcher reads. */
  private static final Set<String> LAUNCHER =
      Set.of(ConfigLoader.FILE_VARIABLE, "GEOSEARCH_JAVA_HOME", "GEOSEARCH_JAVA_OPTS");

  /**
   * What Kubernetes injects into pods for a service called geosearch or geosearch-NAME.
   *
   * @see <a
   *     href="https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables">
   *     the Kubernetes documentation</a>
   */
  private static final Pattern SERVICE_LINK =
      Pattern.compile(
          ".*_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

  /** A service called geosearch-server makes a GEOSEARCH_SERVER_PORT, which is no setting. */
  private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

  private EnvironmentVariables() {}

  static String name(String path) {
    return PREFIX + path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  static Map<String, String> byName(Collection<String> paths) {
    Map<String, String> pathByName = new HashMap<>();
    paths.forEach(path -> pathByName.put(name(path), path));
    return pathByName;
  }

  /** Whether a variable is none of ours, whatever its name looks like. */
  static boolean isNoSetting(String name, String value) {
    return !name.startsWith(PREFIX)
        || LAUNCHER.contains(name)
        || SERVICE_LINK.matcher(name).matches()
        || (name.endsWith("_PORT") && SERVICE_ADDRESS.matcher(value).matches());
  }

  static String nearest(String name, Collection<String> paths) {
    return name(NearestName.of(name.substring(PREFIX.length()), paths));
  }
}
