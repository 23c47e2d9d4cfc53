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
   * @throws java.io.UncheckedIOException if the directory can't be written; what was there stays
   */
  void change(InstanceIdentity identity);

  /**
   * Ends the keeping. The directory gets a credential of nobody, so that routers stop trusting the
   * instance. Closing twice is closing once.
   */
  @Override
  void close();
}
