package io.dualstack.impl.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Certificates and keys as text between {@code BEGIN} and {@code END} lines (RFC 7468). Everything
 * outside of these is passed over. Messages never hold what is in a file.
 */
record PemFile(Path path, List<Section> sections) {

  record Section(String label, byte[] bytes) {}

  private static final Pattern SECTION =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

  private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException if it can't be read or is no PEM, naming it and the remedy
   */
  static PemFile read(Path path) {
    String text;
    try {
      text = Files.readString(path, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          path + ": can't be read: " + e + "; check the path and the file's mode", e);
    }
    List<Section> sections = new ArrayList<>();
    Matcher matcher = SECTION.matcher(text);
    while (matcher.find()) {
      try {
        sections.add(
            new Section(matcher.group(1), Base64.getMimeDecoder().decode(matcher.group(2))));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            path + ": has a section that is no base 64; copy the file again", e);
      }
    }
    return new PemFile(path, List.copyOf(sections));
  }

  /** Returns the certificates in their order, one or more. */
  List<Certificate> certificates() {
    List<Certificate> found = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (Section section : sections) {
        if (section.label().equals("CERTIFICATE")) {
          found.add(factory.generateCertificate(new ByteArrayInputStream(section.bytes())));
        }
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          path + ": has a certificate that can't be read: " + e.getMessage(), e);
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          path + ": has no certificate; use a PEM file with BEGIN CERTIFICATE");
    }
    return found;
  }

  /** Returns the first private key. */
  PrivateKey privateKey() {
    for (Section section : sections) {
      switch (section.label()) {
        case "PRIVATE KEY" -> {
          return key(section.bytes());
        }
        case "RSA PRIVATE KEY" -> {
          return key(Der.wrapPkcs1(section.bytes()));
        }
        case "EC PRIVATE KEY" -> {
          return key(wrapSec1(section.bytes()));
        }
        case "ENCRYPTED PRIVATE KEY" ->
            throw new IllegalArgumentException(
                path + ": the private key is encrypted; store it without a passphrase");
        default -> {
          // Curve parameters and certificates may stand in front of the key.
        }
      }
    }
    throw new IllegalArgumentException(
        path + ": has no private key; use a PEM file with BEGIN PRIVATE KEY");
  }

  private byte[] wrapSec1(byte[] key) {
    try {
      return Der.wrapSec1(key);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          path + ": the private key " + e.getMessage() + "; store it as PKCS#8", e);
    }
  }

  private PrivateKey key(byte[] pkcs8) {
    for (String algorithm : KEY_ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (InvalidKeySpecException e) {
        // Another algorithm's; the next one is tried.
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
    throw new IllegalArgumentException(
        path + ": the private key is neither RSA nor of an elliptic curve; use one of these");
  }
}
