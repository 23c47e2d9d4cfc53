package io.dualstack.impl.workload.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.InvalidConfigurationException;
import io.dualstack.impl.golden.GoldenFiles;
import io.dualstack.net.IpAddress;
import io.dualstack.testkit.TestClock;
import io.dualstack.workload.IdentityConfig;
import io.dualstack.workload.IdentityKey;
import io.dualstack.workload.InstanceCredential;
import io.dualstack.workload.InstanceIdentity;
import io.dualstack.workload.NetInfo;
import io.dualstack.workload.PreferredAddress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SigningAuthorityTest {
  private static final List<String> UNITS = List.of("organization:o", "space:s", "app:a");

  @TempDir private Path folder;
  private AuthorityFiles files;

  @BeforeEach
  void makeAnAuthority() throws Exception {
    files = AuthorityFiles.in(folder, "EC", true);
  }

  private SigningAuthority authority(IdentityKey key) {
    return SigningAuthority.open(
        new IdentityConfig(files.certificate(), files.key(), Duration.ofHours(24), key),
        Clock.systemUTC());
  }

  private static NetInfo at(@Nullable String cell, @Nullable String ipv4, @Nullable String ipv6) {
    return new NetInfo(
        cell == null ? null : IpAddress.parse(cell),
        List.of(),
        ipv4 == null ? null : IpAddress.parse(ipv4),
        PreferredAddress.UNKNOWN,
        ipv6 == null ? null : IpAddress.parse(ipv6),
        Map.of());
  }

  private static List<X509Certificate> chain(InstanceCredential credential) throws Exception {
    List<X509Certificate> chain = new ArrayList<>();
    for (Certificate certificate :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(credential.certificates().getBytes(US_ASCII)))) {
      chain.add((X509Certificate) certificate);
    }
    return chain;
  }

  private PrivateKey key(InstanceCredential credential) throws Exception {
    return Pem.privateKey(Files.writeString(folder.resolve("leaf.key"), credential.privateKey()));
  }

  private static List<String> alternatives(InstanceCredential credential) throws Exception {
    return chain(credential).get(0).getSubjectAlternativeNames().stream()
        .map(name -> (name.get(0).equals(7) ? "IP " : "DNS ") + name.get(1))
        .toList();
  }

  @ParameterizedTest
  @EnumSource(IdentityKey.class)
  void a_certificate_says_what_the_platforms_say(IdentityKey kind) throws Exception {
    InstanceCredential credential =
        authority(kind)
            .issue(InstanceIdentity.of("guid", UNITS, at("10.0.16.4", "10.255.3.7", null)));

    List<X509Certificate> chain = chain(credential);
    assertThat(chain).hasSize(2);
    X509Certificate leaf = chain.get(0);
    leaf.verify(chain.get(1).getPublicKey());
    assertThat(leaf.getVersion()).isEqualTo(3);
    assertThat(leaf.getSubjectX500Principal().getName())
        .isEqualTo("CN=guid,OU=app:a,OU=space:s,OU=organization:o");
    assertThat(leaf.getKeyUsage())
        .containsExactly(true, false, true, false, true, false, false, false, false);
    assertThat(leaf.getExtendedKeyUsage())
        .containsExactly("1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1");
    assertThat(Duration.between(credential.notBefore(), credential.notAfter()))
        .isEqualTo(Duration.ofHours(24));
    assertThat(leaf.getNotAfter().toInstant()).isEqualTo(credential.notAfter());
    assertThat(alternatives(credential)).containsExactly("DNS guid", "IP 10.255.3.7");
    assertThat(kindOf(leaf.getPublicKey())).isEqualTo(kind);
    assertThat(SigningAuthority.belongTogether(leaf, key(credential))).isTrue();
    assertThat(credential.privateKey())
        .startsWith(
            kind == IdentityKey.EC_P256
                ? "-----BEGIN PRIVATE KEY-----"
                : "-----BEGIN RSA PRIVATE KEY-----");
    assertThat(credential.toString()).doesNotContain("PRIVATE");
  }

  private static IdentityKey kindOf(PublicKey key) {
    if (key instanceof RSAPublicKey rsa) {
      return IdentityKey.valueOf("RSA_" + rsa.getModulus().bitLength());
    }
    // The JDK's names of the curve.
    assertThat(((ECPublicKey) key).getParams().toString()).contains("secp256r1", "P-256");
    return IdentityKey.EC_P256;
  }

  @Test
  void unless_told_otherwise_it_is_a_p256_key_for_a_day() throws Exception {
    InstanceCredential credential =
        SigningAuthority.open(
                IdentityConfig.of(files.certificate(), files.key()), Clock.systemUTC())
            .issue(InstanceIdentity.of("g", UNITS, at(null, "10.255.3.7", null)));

    assertThat(kindOf(chain(credential).get(0).getPublicKey())).isEqualTo(IdentityKey.EC_P256);
    assertThat(Duration.between(credential.notBefore(), credential.notAfter()))
        .isEqualTo(Duration.ofHours(24));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1H", "PT0.999S"})
  void a_period_of_less_than_a_second_is_refused(Duration validity) {
    assertThatThrownBy(
            () ->
                new IdentityConfig(files.certificate(), files.key(), validity, IdentityKey.EC_P256))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("validity: " + validity);
  }

  @Test
  void a_certificate_says_this_and_no_more() throws Exception {
    NetInfo ipv4 = at("10.0.16.4", "10.255.3.7", null);
    NetInfo both = at("10.0.16.4", "10.255.3.7", "2001:db8::7");

    GoldenFiles.of("identity")
        .assertMatch(
            Map.of(
                "ipv4.txt", text(InstanceIdentity.of("guid", UNITS, ipv4)),
                "both.txt", text(InstanceIdentity.of("guid", UNITS, both)),
                "routes.txt", text(InstanceIdentity.ofRoutes("guid", UNITS, List.of("a.internal"))),
                "nobody.txt", text(InstanceIdentity.nobody())));
  }

  /** A certificate as OpenSSL reads it, without serial number, keys and signature. */
  private String text(InstanceIdentity identity) throws Exception {
    InstanceCredential credential =
        SigningAuthority.open(
                IdentityConfig.of(files.certificate(), files.key()), TestClock.atNoon())
            .issue(identity);
    Path leaf = Files.writeString(folder.resolve("leaf.crt"), credential.certificates());
    String printed =
        "x509 -noout -text -certopt no_sigdump,no_serial -nameopt sep_comma_plus,sname";
    assertThat(openssl((printed + " -in " + leaf).split(" ", -1))).isZero();
    return Files.readString(openssl())
        .replaceAll("(?m)^ +([0-9a-f]{2}:)+([0-9a-f]{2})?\\n", "")
        .replaceAll("(keyid:)?([0-9A-F]{2}:){19}[0-9A-F]{2}", "KEY")
        .replaceAll("(?m) +$", "");
  }

  @Test
  void who_has_no_guid_has_neither_names_nor_addresses() {
    NetInfo somewhere = at(null, "10.255.3.7", "2001:db8::7");

    for (String guid : List.of("", " ")) {
      assertThatThrownBy(() -> InstanceIdentity.of(guid, List.of(), somewhere))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("guid: \"" + guid + "\"");
      assertThatThrownBy(() -> InstanceIdentity.of(guid, UNITS, at(null, null, null)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> InstanceIdentity.ofRoutes(guid, List.of(), List.of("a.internal")))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> InstanceIdentity.of(" ", List.of(), at(null, null, null)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void ipv6_is_one_more_address() throws Exception {
    SigningAuthority authority = authority(IdentityKey.EC_P256);

    assertThat(
            alternatives(
                authority.issue(
                    InstanceIdentity.of("g", UNITS, at("10.0.0.4", "10.255.3.7", "2001:db8::7")))))
        .containsExactly("DNS g", "IP 10.255.3.7", "IP 2001:db8:0:0:0:0:0:7");
    assertThat(
            alternatives(
                authority.issue(
                    InstanceIdentity.of("g", UNITS, at("10.0.0.4", null, "2001:db8::7")))))
        .containsExactly("DNS g", "IP 10.0.0.4", "IP 2001:db8:0:0:0:0:0:7");
    assertThat(alternatives(authority.issue(InstanceIdentity.of("g", UNITS, at(null, null, null)))))
        .containsExactly("DNS g");
    assertThat(
            alternatives(
                authority.issue(InstanceIdentity.ofRoutes("g", UNITS, List.of("a.int", "b.int")))))
        .containsExactly("DNS g", "DNS a.int", "DNS b.int");
  }

  @Test
  void serial_numbers_are_random_uuids() throws Exception {
    SigningAuthority authority = authority(IdentityKey.EC_P256);
    InstanceIdentity identity = InstanceIdentity.of("g", UNITS, at(null, "10.255.3.7", null));
    Set<BigInteger> serials = new HashSet<>();

    for (int i = 0; i < 10; i++) {
      serials.add(chain(authority.issue(identity)).get(0).getSerialNumber());
    }

    assertThat(serials)
        .hasSize(10)
        .allSatisfy(
            serial -> {
              assertThat(serial).isPositive();
              UUID uuid = new UUID(serial.shiftRight(64).longValue(), serial.longValue());
              assertThat(uuid.version()).isEqualTo(4);
            });
  }

  @Test
  void a_long_one_is_due_half_an_hour_before_its_end_and_a_short_one_after_seven_eighths() {
    Instant start = Instant.parse("2026-01-01T00:00:00Z");

    assertThat(SigningAuthority.renewAt(start, start.plus(Duration.ofHours(24))))
        .isEqualTo("2026-01-01T23:30:00Z");
    assertThat(SigningAuthority.renewAt(start, start.plus(Duration.ofHours(4))))
        .isEqualTo("2026-01-01T03:30:00Z");
    assertThat(SigningAuthority.renewAt(start, start.plus(Duration.ofHours(2))))
        .isEqualTo("2026-01-01T01:45:00Z");
  }

  @Test
  void a_file_that_can_not_be_used_is_named_without_its_content() throws Exception {
    AuthorityFiles other = AuthorityFiles.in(folder, "RSA", true);
    AuthorityFiles leaf = AuthorityFiles.in(folder, "RSA", false);
    Path broken =
        Files.writeString(
            folder.resolve("broken.key"),
            "-----BEGIN PRIVATE KEY-----\nsecret!\n-----END PRIVATE KEY-----\n");

    assertRefused(files.certificate(), other.key(), "is not the key of");
    assertRefused(leaf.certificate(), leaf.key(), "is the certificate of no authority");
    assertRefused(files.certificate(), folder.resolve("none"), "can't be read");
    assertRefused(files.key(), files.key(), "something else than a certificate");
    assertRefused(files.certificate(), files.certificate(), "something else than a private key");
    assertThatThrownBy(
            () ->
                SigningAuthority.open(
                    IdentityConfig.of(files.certificate(), broken), Clock.systemUTC()))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("broken.key")
        .hasMessageNotContaining("secret");
  }

  private static void assertRefused(Path certificate, Path key, String why) {
    assertThatThrownBy(
            () -> SigningAuthority.open(IdentityConfig.of(certificate, key), Clock.systemUTC()))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @EnumSource(IdentityKey.class)
  void a_client_finds_the_ipv6_address_it_connected_to_in_the_certificate(IdentityKey kind)
      throws Exception {
    InstanceCredential right =
        authority(kind).issue(InstanceIdentity.of("g", UNITS, at(null, "127.0.0.1", "::1")));
    InstanceCredential wrong =
        authority(kind).issue(InstanceIdentity.of("g", UNITS, at(null, "127.0.0.1", "::2")));

    assertThat(handshake(right)).isEqualTo("CN=g,OU=app:a,OU=space:s,OU=organization:o");
    assertThatThrownBy(() -> handshake(wrong)).isInstanceOf(SSLException.class);
  }

  /** A client that trusts the authority alone connects to [::1]:port and checks the address. */
  private String handshake(InstanceCredential credential) throws Exception {
    char[] none = new char[0];
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, none);
    keys.setKeyEntry("k", key(credential), none, chain(credential).toArray(Certificate[]::new));
    KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("PKIX");
    keyManagers.init(keys, none);
    SSLContext server = SSLContext.getInstance("TLS");
    server.init(keyManagers.getKeyManagers(), null, null);

    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, none);
    trusted.setCertificateEntry("ca", Pem.certificate(files.certificate()));
    TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX");
    trustManagers.init(trusted);
    SSLContext client = SSLContext.getInstance("TLS");
    client.init(null, trustManagers.getTrustManagers(), null);

    InetAddress loopback = InetAddress.getByName("::1");
    try (SSLServerSocket listener =
        (SSLServerSocket) server.getServerSocketFactory().createServerSocket(0, 1, loopback)) {
      CompletableFuture<Void> serving =
          CompletableFuture.runAsync(
              () -> {
                try (SSLSocket accepted = (SSLSocket) listener.accept()) {
                  accepted.startHandshake();
                  accepted.getInputStream().read();
                } catch (IOException e) {
                  // The client tells what went wrong.
                }
              });
      try (SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket()) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.connect(new InetSocketAddress(loopback, listener.getLocalPort()));
        socket.startHandshake();
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
            .getSubjectX500Principal()
            .getName();
      } finally {
        listener.close();
        serving.join();
      }
    }
  }

  @Test
  void openssl_verifies_it_for_both_addresses_and_no_other_also_by_a_renewed_authority()
      throws Exception {
    InstanceCredential credential =
        authority(IdentityKey.EC_P256)
            .issue(InstanceIdentity.of("g", UNITS, at(null, "10.255.3.7", "2001:db8::7")));
    Path leaf = Files.writeString(folder.resolve("leaf.crt"), credential.certificates());

    for (Path authority : List.of(files.certificate(), files.renewed())) {
      assertThat(verify(authority, leaf, "10.255.3.7")).isZero();
      assertThat(verify(authority, leaf, "2001:db8::7")).isZero();
      assertThat(verify(authority, leaf, "2001:db8::8")).isNotZero();
    }
  }

  private int verify(Path authority, Path leaf, String address) throws Exception {
    return openssl(
        "verify",
        "-CAfile",
        authority.toString(),
        "-verify_ip",
        address,
        "-purpose",
        "sslserver",
        leaf.toString());
  }

  private int openssl(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(openssl().toFile())
        .start()
        .waitFor();
  }

  /** What it said last. */
  private Path openssl() {
    return folder.resolve("openssl.txt");
  }
}
