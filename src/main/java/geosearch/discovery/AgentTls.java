package geosearch.discovery;

import geosearch.config.ConsulConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.kiwiproject.consul.Consul;

/** Whom to trust as an agent over https. */
final class AgentTls {

  private AgentTls() {}

  static void configure(Consul.Builder builder, ConsulConfig config) throws AgentException {
    try {
      X509TrustManager trusted = trusted(config.caFile().orElse(null));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new X509TrustManager[] {trusted}, null);
      builder.withSslContext(context).withTrustManager(trusted);
    } catch (IOException | GeneralSecurityException e) {
      throw new AgentException(
          config.caFile().map(file -> "consul.ca-file " + file + " can't be used: ").orElse("") + e,
          false,
          e);
    }
    if (!config.verifyHost()) {
      builder.withHostnameVerifier((host, session) -> true);
    }
  }

  private static X509TrustManager trusted(@Nullable Path authorities)
      throws IOException, GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(authorities == null ? null : store(authorities));
    return Arrays.stream(factory.getTrustManagers())
        .filter(X509TrustManager.class::isInstance)
        .map(X509TrustManager.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static KeyStore store(Path authorities) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream pem = Files.newInputStream(authorities)) {
      for (Certificate authority :
          CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("authority-" + store.size(), authority);
      }
    }
    if (store.size() == 0) {
      throw new IOException("there is no certificate in it");
    }
    return store;
  }
}
