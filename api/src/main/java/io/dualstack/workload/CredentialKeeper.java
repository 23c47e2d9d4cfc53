package io.dualstack.workload;

/** Keeps one credential in a directory up to date. Thread-safe. */
public interface CredentialKeeper extends AutoCloseable {

  /**
   * Returns the credential that the directory has now.
   *
   * @return the credential
   */
  InstanceCredential current();

  /**
   * Replaces the credential by one of another identity, such as that of an instance that got an
   * IPv6 address or other routes. The same identity again changes nothing.
   *
   * @param identity who it is for from now on
   * @throws IllegalArgumentException if it is nobody's
   * @throws IllegalStateException if the keeper is closed
   * @throws java.io.UncheckedIOException if the directory can't be written; what was there stays
   */
  void change(InstanceIdentity identity);

  /**
   * Ends the keeping, once a replacement that is under way has ended. The directory gets a
   * credential of nobody, so that routers stop trusting the instance; after that nothing writes to
   * it. Closing twice is closing once.
   *
   * @throws java.io.UncheckedIOException if the directory can't be written; what was there stays
   *     until it ends, and closing again tries again
   */
  @Override
  void close();
}
