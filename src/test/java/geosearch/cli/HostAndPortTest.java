package geosearch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostAndPortTest {

  @ParameterizedTest
  @CsvSource({
    "localhost:1, localhost, 1",
    "localhost, localhost, 50051",
    "10.0.0.1:65535, 10.0.0.1, 65535",
    "[::1]:7, [::1], 7",
    "search-service.service.consul, search-service.service.consul, 50051",
  })
  void parse_hostAndPort_isRead(String text, String host, int port) {
    assertEquals(new HostAndPort(host, port), HostAndPort.parse(text, 50051));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":1",
        "a:b",
        "a:0",
        "a:65536",
        "a:-1",
        "http://a",
        "a/b",
        "u@a:1",
        "::1",
        "a b"
      })
  void parse_noHostAndPort_isWrongUsage(String text) {
    CommandException e = assertThrows(CommandException.class, () -> HostAndPort.parse(text, 50051));

    assertEquals(ExitCode.USAGE, e.exitCode());
  }

  @Test
  void resolve_addressInBrackets_isResolved() throws Exception {
    assertEquals(
        new InetSocketAddress(InetAddress.ofLiteral("::1"), 7),
        HostAndPort.parse("[::1]:7", 1).resolve());
  }

  @Test
  void of_address_isReadBackTheSame() {
    for (String text : new String[] {"127.0.0.1:5", "[0:0:0:0:0:0:0:1]:5"}) {
      HostAndPort parsed = HostAndPort.parse(text, 1);

      assertEquals(parsed.resolve(), HostAndPort.of(parsed.resolve()).resolve());
    }
  }
}
