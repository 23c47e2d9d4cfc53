package io.dualstack.impl.workload.identity;

import io.dualstack.net.IpAddress;
import io.dualstack.workload.InstanceIdentity;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;

/**
 * What stands in a certificate of an instance. An address is four or sixteen bytes, as RFC 5280
 * section 4.2.1.6 has it, and never a name.
 */
final class CertificateTemplate {
  private CertificateTemplate() {}

  static X509v3CertificateBuilder of(
      InstanceIdentity identity,
      PublicKey key,
      X509Certificate authority,
      Instant notBefore,
      Instant notAfter)
      throws IOException, GeneralSecurityException {
    X500NameBuilder subject = new X500NameBuilder(BCStyle.INSTANCE);
    identity.organizationalUnits().forEach(unit -> subject.addRDN(BCStyle.OU, unit));
    subject.addRDN(BCStyle.CN, identity.guid());
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            X500Name.getInstance(authority.getSubjectX500Principal().getEncoded()),
            serial(),
            Date.from(notBefore),
            Date.from(notAfter),
            subject.build(),
            key);
    builder.addExtension(
        Extension.keyUsage,
        true,
        new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment | KeyUsage.keyAgreement));
    builder.addExtension(
        Extension.extendedKeyUsage,
        false,
        new ExtendedKeyUsage(
            new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth}));
    builder.addExtension(Extension.authorityKeyIdentifier, false, keyOf(authority));
    builder.addExtension(Extension.subjectAlternativeName, false, alternatives(identity));
    return builder;
  }

  /** The key alone, so that a renewed certificate of the authority's key is as good. */
  private static AuthorityKeyIdentifier keyOf(X509Certificate authority)
      throws GeneralSecurityException {
    return new AuthorityKeyIdentifier(
        new JcaX509ExtensionUtils()
            .createAuthorityKeyIdentifier(authority)
            .getKeyIdentifierOctets());
  }

  private static GeneralNames alternatives(InstanceIdentity identity) {
    List<GeneralName> names = new ArrayList<>();
    identity.dnsNames().forEach(name -> names.add(new GeneralName(GeneralName.dNSName, name)));
    for (IpAddress address : identity.addresses()) {
      names.add(new GeneralName(GeneralName.iPAddress, new DEROctetString(address.toBytes())));
    }
    return new GeneralNames(names.toArray(GeneralName[]::new));
  }

  /** The sixteen bytes of a random UUID. */
  private static BigInteger serial() {
    UUID random = UUID.randomUUID();
    byte[] bytes =
        ByteBuffer.allocate(16)
            .putLong(random.getMostSignificantBits())
            .putLong(random.getLeastSignificantBits())
            .array();
    return new BigInteger(1, bytes);
  }
}
