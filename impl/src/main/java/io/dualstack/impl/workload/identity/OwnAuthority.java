package io.dualstack.impl.workload.identity;

import io.dualstack.workload.IdentityConfig;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes an authority for a foundation that has none: one that is tried out. */
public final class OwnAuthority {
  private static final int SERIAL_BITS = 120;
  private static final int KEY_BITS = 256;

  private OwnAuthority() {}

  /**
   * Makes a certificate that signs itself, and its key, which only the owner may read.
   *
   * @param folder where to, as {@code ca.crt} and {@code ca.key}
   * @param name what it is called
   * @param validity from now on
   * @return an authority with them
   * @throws IOException if they can't be written
   */
  public static IdentityConfig make(Path folder, String name, Duration validity)
      throws IOException {
    Path certificate = folder.resolve("ca.crt");
    Path key = folder.resolve("ca.key");
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(KEY_BITS);
      KeyPair pair = generator.generateKeyPair();
      Files.createFile(
          key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(key, Pem.text(pair.getPrivate()));
      Files.writeString(certificate, certificate(pair, name, validity));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException("an authority can't be made: " + e.getMessage(), e);
    }
    return IdentityConfig.of(certificate, key);
  }

  private static String certificate(KeyPair pair, String name, Duration validity)
      throws IOException, OperatorCreationException {
    Instant now = Instant.now();
    X500Name subject = new X500Name("CN=" + name);
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            subject,
            new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(0),
            Date.from(now),
            Date.from(now.plus(validity)),
            subject,
            pair.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    builder.addExtension(
        Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    return Pem.text(
        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
  }
}
