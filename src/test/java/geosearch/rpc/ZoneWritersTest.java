package geosearch.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZoneWritersTest {

  @ParameterizedTest
  @CsvSource({
    "7f000001, true", // 127.0.0.1
    "7f123456, true", // 127.18.52.86
    "00000000000000000000000000000001, true", // ::1
    "00000000000000000000ffff7f000001, true", // ::ffff:127.0.0.1
    "0a000001, false", // 10.0.0.1
    "cb007107, false", // 203.0.113.7
    "00000000000000000000000000000002, false",
    "00000000000000000000ffffcb007107, false",
    "20010db8000000000000ffff7f000001, false",
    "fe800000000000000000000000000001, false",
    "00000000, false"
  })
  void isLocal_address_isTrueForLoopbackAlone(String address, boolean local) throws Exception {
    byte[] bytes = HexFormat.of().parseHex(address);

    assertEquals(
        local, ZoneWriters.isLocal(new InetSocketAddress(InetAddress.getByAddress(bytes), 50000)));
    if (bytes.length == 16) {
      // As the native transport makes it: mapped addresses stay as they are.
      InetAddress unmapped = Inet6Address.getByAddress(null, bytes, 0);
      assertEquals(local, ZoneWriters.isLocal(new InetSocketAddress(unmapped, 50000)));
    }
  }

  @Test
  void isLocal_socketInTheFileSystem_isTrue() {
    assertTrue(ZoneWriters.isLocal(UnixDomainSocketAddress.of("/tmp/socket")));
  }

  @Test
  void isLocal_unknown_isFalse() {
    assertFalse(ZoneWriters.isLocal(null));
    assertFalse(ZoneWriters.isLocal(InetSocketAddress.createUnresolved("localhost", 1)));
  }
}
