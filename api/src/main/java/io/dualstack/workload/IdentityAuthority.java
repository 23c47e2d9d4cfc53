package io.dualstack.workload;

import java.nio.file.Path;

/** Signs certificates of instances. Thread-safe. */
public interface IdentityAuthority {

  /**
   * Makes a key and signs a certificate for it: version 3, with a random serial number, for digital
   * signature, key encipherment and key agreement, for clients and servers. It is valid from now
   * for the configured period, and due half an hour before its end, or after seven eighths of a
   * period of four hours or less.
   *
   * @param identity who it is for
   * @return the credential
   */
  InstanceCredential issue(InstanceIdentity identity);

  /**
   * Keeps a credential in a directory, as {@code instance.crt} and {@code instance.key}, and
   * replaces it before it ends. Both files change at one moment; the key can be read by its owner
   * only. A replacement that fails leaves what is there, is logged as a warning and tried again
   * after ten seconds, or after a quarter of the time between {@link InstanceCredential#renewAt()}
   * and the end if that is shorter.
   *
   * @param identity who it is for
   * @param directory where it is kept; made if it isn't there, as one that all may read
   * @return the keeper, which the caller closes when the instance has stopped
   * @throws IllegalArgumentException if the identity is nobody's
   * @throws java.io.UncheckedIOException if the directory can't be written
   */
  CredentialKeeper keep(InstanceIdentity identity, Path directory);
}
