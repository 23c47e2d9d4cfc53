package io.dualstack.impl.workload.identity;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.Severity;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.util.io.pem.PemObject;

/** Certificates and keys as PEM text (RFC 7468, and the older forms for keys). */
final class Pem {
  private Pem() {}

  static String text(Object... objects) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      for (Object object : objects) {
        writer.writeObject(written(object));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a certificate or key can't be written", e);
    }
    return text.toString();
  }

  /** RSA keys in the platform's own form; others with their parameters, as PKCS #8 has them. */
  private static Object written(Object object) {
    return object instanceof PrivateKey key && !key.getAlgorithm().equals("RSA")
        ? new PemObject("PRIVATE KEY", key.getEncoded())
        : object;
  }

  static X509Certificate certificate(Path file) {
    if (parse(file, "certificate") instanceof X509CertificateHolder holder) {
      try {
        return new JcaX509CertificateConverter().getCertificate(holder);
      } catch (CertificateException e) {
        throw refused(file, "is a certificate that can't be used: " + e.getMessage());
      }
    }
    throw refused(file, "begins with something else than a certificate; name one in PEM");
  }

  static PrivateKey privateKey(Path file) {
    Object found = parse(file, "private key");
    PrivateKeyInfo info =
        found instanceof PEMKeyPair pair
            ? pair.getPrivateKeyInfo()
            : found instanceof PrivateKeyInfo alone ? alone : null;
    if (info != null) {
      try {
        return KeyFactory.getInstance(algorithm(info))
            .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
      } catch (IOException | GeneralSecurityException e) {
        throw refused(file, "is a private key that can't be used; name one of RSA or EC");
      }
    }
    throw refused(
        file,
        "begins with something else than a private key; name one in PEM that is"
            + " not encrypted");
  }

  /** By the JDK's name, so that no other provider of cryptography is needed. */
  private static String algorithm(PrivateKeyInfo info) {
    ASN1ObjectIdentifier identifier = info.getPrivateKeyAlgorithm().getAlgorithm();
    if (identifier.equals(PKCSObjectIdentifiers.rsaEncryption)) {
      return "RSA";
    }
    return identifier.equals(X9ObjectIdentifiers.id_ecPublicKey) ? "EC" : identifier.getId();
  }

  private static Object parse(Path file, String what) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw refused(file, "can't be read; name a file with a " + what + " in PEM");
    }
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      Object found = parser.readObject();
      if (found == null) {
        throw refused(file, "has no PEM text; name a file with a " + what);
      }
      return found;
    } catch (IOException e) {
      // The text is not told: it may be a key.
      throw refused(file, "is damaged; name a file with a " + what + " in PEM");
    }
  }

  static InvalidConfigurationException refused(Path file, String message) {
    return new InvalidConfigurationException(
        List.of(
            new Diagnostic(
                Severity.ERROR, file.toString(), "", 0, 0, "IdentityAuthorityInvalid", message)));
  }
}
