package io.dualstack.impl.http;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS in which both sides show a certificate of an authority named in the configuration, and of no
 * other. The files are read once: whoever renews certificates restarts the process, as with the
 * Silk components.
 */
public final class MutualTls {

  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private final ClientTls both;

  private MutualTls(ClientTls both) {
    this.both = both;
  }

  /** Where one of the three files is named in the configuration. */
  public record Names(String ca, String certificate, String key) {}

  /**
   * Reads the files.
   *
   * @throws InvalidConfigurationException naming every file that can't be used, under its name
   */
  public static MutualTls read(Path ca, Path certificate, Path key, Names names) {
    List<Diagnostic> faults = new ArrayList<>();
    List<Certificate> authorities =
        tried(() -> PemFile.read(ca).certificates(), names.ca(), faults);
    List<Certificate> chain =
        tried(() -> PemFile.read(certificate).certificates(), names.certificate(), faults);
    List<PrivateKey> keys =
        tried(() -> List.of(PemFile.read(key).privateKey()), names.key(), faults);
    if (!faults.isEmpty()) {
      throw new InvalidConfigurationException(faults);
    }
    try {
      return new MutualTls(both(authorities, chain, keys.get(0)));
    } catch (GeneralSecurityException | IOException e) {
      throw new InvalidConfigurationException(
          List.of(
              Diagnostic.error(
                  names.key(),
                  "CertificateUnusable",
                  "%s: does not go with %s: %s; use the key of the certificate"
                      .formatted(key, certificate, e.getMessage()))));
    }
  }

  private static <T> List<T> tried(
      Supplier<List<T>> reading, String name, List<Diagnostic> faults) {
    try {
      return reading.get();
    } catch (IllegalArgumentException e) {
      faults.add(Diagnostic.error(name, "CertificateUnusable", String.valueOf(e.getMessage())));
      return List.of();
    }
  }

  private static ClientTls both(
      List<Certificate> authorities, List<Certificate> chain, PrivateKey key)
      throws GeneralSecurityException, IOException {
    char[] unused = new char[0];
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, unused);
    own.setKeyEntry("own", key, unused, chain.toArray(Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(own, unused);

    for (KeyManager manager : keys.getKeyManagers()) {
      if (manager instanceof X509ExtendedKeyManager shown) {
        return made(shown, trusting(authorities));
      }
    }
    throw new GeneralSecurityException("no manager of keys for X.509");
  }

  private static ClientTls made(@Nullable X509ExtendedKeyManager keys, TrustManagerFactory trust)
      throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys == null ? null : new KeyManager[] {keys}, trust.getTrustManagers(), null);
    return new ClientTls(context, keys, ClientTls.only(trust));
  }

  private static TrustManagerFactory trusting(List<Certificate> authorities)
      throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, new char[0]);
    for (int i = 0; i < authorities.size(); i++) {
      trusted.setCertificateEntry("ca-" + i, authorities.get(i));
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    return trust;
  }

  /**
   * Reads authorities for a client that shows no certificate of its own.
   *
   * @param name where the file is named in the configuration
   * @throws InvalidConfigurationException if it can't be used
   */
  public static ClientTls trustOnly(Path ca, String name) {
    List<Diagnostic> faults = new ArrayList<>();
    List<Certificate> authorities = tried(() -> PemFile.read(ca).certificates(), name, faults);
    if (!faults.isEmpty()) {
      throw new InvalidConfigurationException(faults);
    }
    try {
      return made(null, trusting(authorities));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads what a client needs, which may show a certificate or not.
   *
   * @throws InvalidConfigurationException naming every file that can't be used, under its name
   */
  public static ClientTls client(
      Path ca, @Nullable Path certificate, @Nullable Path key, Names names) {
    return certificate == null || key == null
        ? trustOnly(ca, names.ca())
        : read(ca, certificate, key, names).client();
  }

  /** Returns what connections are made with. */
  public SSLContext context() {
    return both.context();
  }

  /** Returns what a client needs. */
  ClientTls client() {
    return both;
  }

  /** Returns the parameters of a client, which checks the server's name. */
  public SSLParameters clientParameters() {
    SSLParameters parameters = context().getDefaultSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    return parameters;
  }

  /** Returns the parameters of a server, which asks for a certificate. */
  public SSLParameters serverParameters() {
    SSLParameters parameters = context().getDefaultSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    parameters.setNeedClientAuth(true);
    return parameters;
  }
}
