package io.dualstack.impl.workload.identity;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority's certificate and key in a folder, made for a test. */
public record AuthorityFiles(Path certificate, Path key) {

  /** Where one is that was made. */
  static AuthorityFiles at(Path folder, String algorithm, boolean mayAuthorize) {
    String name = algorithm + mayAuthorize;
    return new AuthorityFiles(folder.resolve(name + ".crt"), folder.resolve(name + ".key"));
  }

  /** Makes one. */
  public static AuthorityFiles in(Path folder, String algorithm, boolean mayAuthorize)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(algorithm.equals("EC") ? 256 : 2048);
    KeyPair pair = generator.generateKeyPair();
    AuthorityFiles files = at(folder, algorithm, mayAuthorize);
    Files.writeString(
        files.certificate(),
        certificate(BigInteger.ONE, pair.getPublic(), pair.getPrivate(), mayAuthorize));
    Files.writeString(files.key(), Pem.text(pair.getPrivate()));
    return files;
  }

  /** Writes another certificate of the same key and name; returns where. */
  Path renewed() throws IOException, GeneralSecurityException, OperatorCreationException {
    return Files.writeString(
        certificate.resolveSibling("renewed.crt"),
        certificate(
            BigInteger.TWO,
            Pem.certificate(certificate).getPublicKey(),
            Pem.privateKey(key),
            true));
  }

  private static String certificate(
      BigInteger serial, PublicKey key, PrivateKey signer, boolean mayAuthorize)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    X500Name name = new X500Name("CN=instance identity CA");
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            serial,
            Date.from(Instant.now().minusSeconds(3600)),
            Date.from(Instant.now().plusSeconds(864_000)),
            name,
            key);
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key));
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(mayAuthorize));
    return Pem.text(
        builder.build(
            new JcaContentSignerBuilder(
                    signer.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA")
                .build(signer)));
  }
}
