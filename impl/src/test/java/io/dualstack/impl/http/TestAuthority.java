package io.dualstack.impl.http;

import io.dualstack.net.IpAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;

/** A certificate authority of a test's own, which writes certificates and keys as PEM files. */
public final class TestAuthority {

  private static final byte[] SHA256_WITH_RSA = {
    0x30, 13, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 13, 1, 1, 11, 5, 0
  };
  private static final byte[] COMMON_NAME = {6, 3, 0x55, 4, 3};
  private static final byte[] BASIC_CONSTRAINTS = {6, 3, 0x55, 0x1d, 0x13};
  private static final byte[] ALTERNATIVE_NAME = {6, 3, 0x55, 0x1d, 0x11};
  private static final byte[] TRUE = {1, 1, (byte) 0xff};

  private final Path folder;
  private final String name;
  private final KeyPair keys;
  private int serial;

  private TestAuthority(Path folder, String name, KeyPair keys) {
    this.folder = folder;
    this.name = name;
    this.keys = keys;
  }

  /** Makes an authority, and its certificate in the folder. */
  public static TestAuthority in(Path folder, String name) {
    TestAuthority authority = new TestAuthority(folder, name, keyPair("RSA", 2048));
    write(
        authority.certificate(),
        "CERTIFICATE",
        authority.signed(
            name,
            authority.keys.getPublic(),
            extension(BASIC_CONSTRAINTS, TRUE, tagged(0x30, TRUE))));
    return authority;
  }

  public Path certificate() {
    return folder.resolve(name + ".crt");
  }

  /** A certificate and its key. */
  public record Identity(Path certificate, Path key, KeyPair keys) {}

  /** Issues a certificate for localhost and the first host of a lab, with an RSA key as PKCS#8. */
  public Identity issue(String subject) {
    return issue(subject, keyPair("RSA", 2048));
  }

  /** Issues a certificate for localhost and the first host of a lab, with the key as PKCS#8. */
  public Identity issue(String subject, KeyPair subjectKeys) {
    return issue(
        subject,
        subjectKeys,
        new String[] {"localhost", "127.0.0.1", "::1", "172.31.0.1", "2001:db8:ff::1"});
  }

  /** Issues a certificate for some names and addresses, with an RSA key as PKCS#8. */
  public Identity issue(String subject, String... names) {
    return issue(subject, keyPair("RSA", 2048), names);
  }

  private Identity issue(String subject, KeyPair subjectKeys, String[] names) {
    Path certificate = folder.resolve(subject + ".crt");
    Path key = folder.resolve(subject + ".key");
    byte[][] encoded =
        Arrays.stream(names)
            .map(
                name ->
                    IpAddress.tryParse(name)
                        .map(address -> tagged(0x87, address.toBytes()))
                        .orElseGet(() -> tagged(0x82, name.getBytes(StandardCharsets.US_ASCII))))
            .toArray(byte[][]::new);
    write(
        certificate,
        "CERTIFICATE",
        signed(
            subject, subjectKeys.getPublic(), extension(ALTERNATIVE_NAME, tagged(0x30, encoded))));
    write(key, "PRIVATE KEY", subjectKeys.getPrivate().getEncoded());
    return new Identity(certificate, key, subjectKeys);
  }

  static KeyPair keyPair(String algorithm, int size) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(size);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static void write(Path file, String label, byte[] bytes) {
    try {
      Files.writeString(
          file,
          "-----BEGIN %s-----\n%s\n-----END %s-----\n"
              .formatted(
                  label,
                  Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes),
                  label));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private byte[] signed(String subject, PublicKey key, byte[] extension) {
    byte[] validity =
        tagged(
            0x30,
            tagged(0x17, "200101000000Z".getBytes(StandardCharsets.US_ASCII)),
            tagged(0x17, "491231000000Z".getBytes(StandardCharsets.US_ASCII)));
    byte[] content =
        tagged(
            0x30,
            new byte[] {(byte) 0xa0, 3, 2, 1, 2},
            new byte[] {2, 1, (byte) ++serial},
            SHA256_WITH_RSA,
            named(name),
            validity,
            named(subject),
            key.getEncoded(),
            tagged(0xa3, tagged(0x30, extension)));
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(keys.getPrivate());
      signature.update(content);
      byte[] bits = signature.sign();
      byte[] padded = new byte[bits.length + 1];
      System.arraycopy(bits, 0, padded, 1, bits.length);
      return tagged(0x30, content, SHA256_WITH_RSA, tagged(0x03, padded));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] named(String subject) {
    return tagged(
        0x30,
        tagged(
            0x31,
            tagged(0x30, COMMON_NAME, tagged(0x0c, subject.getBytes(StandardCharsets.UTF_8)))));
  }

  private static byte[] extension(byte[] kind, byte[] value) {
    return tagged(0x30, kind, tagged(0x04, value));
  }

  private static byte[] extension(byte[] kind, byte[] critical, byte[] value) {
    return tagged(0x30, kind, critical, tagged(0x04, value));
  }

  static byte[] tagged(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(content::writeBytes);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.write(tag);
    int length = content.size();
    if (length > 0xff) {
      whole.write(0x82);
      whole.write(length >>> 8);
    } else if (length > 0x7f) {
      whole.write(0x81);
    }
    whole.write(length);
    whole.writeBytes(content.toByteArray());
    return whole.toByteArray();
  }
}
