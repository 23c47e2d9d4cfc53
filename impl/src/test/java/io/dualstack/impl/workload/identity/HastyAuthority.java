package io.dualstack.impl.workload.identity;

import io.dualstack.workload.CredentialKeeper;
import io.dualstack.workload.IdentityAuthority;
import io.dualstack.workload.InstanceCredential;
import io.dualstack.workload.InstanceIdentity;
import java.nio.file.Path;
import java.time.Clock;

/**
 * An authority whose credentials are due as soon as they are issued, and are tried for again soon,
 * so that a keeper replaces them without end. They are valid for as long as the real ones.
 */
final class HastyAuthority implements IdentityAuthority {
  private static final long ENDS_AFTER_MILLIS = 80;

  private final IdentityAuthority authority;
  private volatile Runnable before = () -> {};

  HastyAuthority(IdentityAuthority authority) {
    this.authority = authority;
  }

  /** Has something happen each time before a credential is issued; it may throw. */
  void before(Runnable happens) {
    before = happens;
  }

  @Override
  public InstanceCredential issue(InstanceIdentity identity) {
    before.run();
    InstanceCredential issued = authority.issue(identity);
    return new InstanceCredential(
        issued.certificates(),
        issued.privateKey(),
        issued.notBefore(),
        issued.notBefore().plusMillis(ENDS_AFTER_MILLIS),
        issued.notBefore());
  }

  @Override
  public CredentialKeeper keep(InstanceIdentity identity, Path directory) {
    return new FolderKeeper(this, identity, new CredentialFolder(directory), Clock.systemUTC());
  }
}
