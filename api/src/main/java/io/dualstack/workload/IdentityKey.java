package io.dualstack.workload;

/** Which key a certificate of an instance is made for. */
public enum IdentityKey {
  /** ECDSA on the curve P-256. */
  EC_P256,
  /** RSA of 2048 bits, as earlier platforms have it. */
  RSA_2048,
  /** RSA of 3072 bits, as the platform has it now. */
  RSA_3072
}
