package io.dualstack.impl.workload.identity;

import io.dualstack.workload.CredentialKeeper;
import io.dualstack.workload.IdentityAuthority;
import io.dualstack.workload.IdentityConfig;
import io.dualstack.workload.IdentityKey;
import io.dualstack.workload.InstanceCredential;
import io.dualstack.workload.InstanceIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority with its key in memory. */
public final class SigningAuthority implements IdentityAuthority {
  private static final Duration LONG = Duration.ofHours(4);
  private static final Duration BEFORE_THE_END = Duration.ofMinutes(30);

  private final X509Certificate certificate;
  private final PrivateKey key;
  private final IdentityConfig config;
  private final Clock clock;

  private SigningAuthority(
      X509Certificate certificate, PrivateKey key, IdentityConfig config, Clock clock) {
    this.certificate = certificate;
    this.key = key;
    this.config = config;
    this.clock = clock;
  }

  /**
   * Reads certificate and key.
   *
   * @throws io.dualstack.InvalidConfigurationException naming the file that can't be used
   */
  public static SigningAuthority open(IdentityConfig config, Clock clock) {
    X509Certificate certificate = Pem.certificate(config.certificate());
    PrivateKey key = Pem.privateKey(config.key());
    if (certificate.getBasicConstraints() < 0) {
      throw Pem.refused(
          config.certificate(), "is the certificate of no authority; name one that may sign");
    }
    if (!belongTogether(certificate, key)) {
      throw Pem.refused(config.key(), "is not the key of " + config.certificate());
    }
    return new SigningAuthority(certificate, key, config, clock);
  }

  /** Returns whether what the key signs, the certificate verifies. */
  static boolean belongTogether(X509Certificate certificate, PrivateKey key) {
    byte[] text = "together".getBytes(StandardCharsets.US_ASCII);
    try {
      Signature signature = Signature.getInstance(algorithm(key));
      signature.initSign(key);
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(text);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static String algorithm(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC", "ECDSA" -> "SHA256withECDSA";
      default -> key.getAlgorithm();
    };
  }

  @Override
  public InstanceCredential issue(InstanceIdentity identity) {
    // Certificates know whole seconds.
    Instant notBefore = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instant notAfter = notBefore.plus(config.validity());
    try {
      KeyPair pair = generator(config.keys()).generateKeyPair();
      X509CertificateHolder signed =
          CertificateTemplate.of(identity, pair.getPublic(), certificate, notBefore, notAfter)
              .build(new JcaContentSignerBuilder(algorithm(key)).build(key));
      return new InstanceCredential(
          Pem.text(signed, certificate),
          Pem.text(pair.getPrivate()),
          notBefore,
          notAfter,
          renewAt(notBefore, notAfter));
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException("a certificate can't be signed: " + e.getMessage(), e);
    }
  }

  private static KeyPairGenerator generator(IdentityKey kind) throws GeneralSecurityException {
    KeyPairGenerator generator;
    switch (kind) {
      case EC_P256 -> {
        generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
      }
      case RSA_2048 -> {
        generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
      }
      case RSA_3072 -> {
        generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(3072);
      }
      default -> throw new IllegalArgumentException("unknown key " + kind);
    }
    return generator;
  }

  static Instant renewAt(Instant notBefore, Instant notAfter) {
    Duration validity = Duration.between(notBefore, notAfter);
    return validity.compareTo(LONG) > 0
        ? notAfter.minus(BEFORE_THE_END)
        : notBefore.plus(validity.multipliedBy(7).dividedBy(8));
  }

  @Override
  public CredentialKeeper keep(InstanceIdentity identity, Path directory) {
    return new FolderKeeper(this, identity, new CredentialFolder(directory), clock);
  }
}
