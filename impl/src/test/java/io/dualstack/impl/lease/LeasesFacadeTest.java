package io.dualstack.impl.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dualstack.Diagnostic;
import io.dualstack.Dualstack;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.lease.CellLease;
import io.dualstack.lease.LeaseKind;
import io.dualstack.lease.LeasePool;
import io.dualstack.lease.LeaseRegistry;
import io.dualstack.lease.RemoteLeases;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leases as an embedding service reaches them. */
class LeasesFacadeTest {

  private static final LeasePool POOL = LeasePool.of(IpPrefix.parse("10.255.0.0/16"), 24);
  private static final IpAddress CELL = IpAddress.parse("10.0.1.5");

  @TempDir private Path folder;

  private Dualstack open() {
    return Dualstack.builder().store("sqlite:" + folder.resolve("ips.db")).build();
  }

  @Test
  void leases_are_kept_in_the_store_of_allocations() {
    CellLease lease;
    try (Dualstack dualstack = open()) {
      LeaseRegistry registry = dualstack.leases(POOL);
      lease = registry.acquire(CELL, LeaseKind.BLOCK);
      assertThat(dualstack.leases(POOL)).isSameAs(registry);
    }

    try (Dualstack dualstack = open()) {
      assertThat(dualstack.leases(POOL).leases()).containsExactly(lease);
      assertThat(dualstack.allocator().blocks(io.dualstack.allocation.OwnerScope.ALL)).isEmpty();
    }
  }

  @Test
  void certificates_of_a_remote_registry_are_read_at_once() {
    Path missing = folder.resolve("missing.pem");
    try (Dualstack dualstack = open()) {
      RemoteLeases remote =
          new RemoteLeases(
              URI.create("https://127.0.0.1:4103"),
              missing,
              missing,
              missing,
              RemoteLeases.DEFAULT_TIMEOUT);

      assertThatExceptionOfType(InvalidConfigurationException.class)
          .isThrownBy(() -> dualstack.leases(remote))
          .satisfies(
              refusal ->
                  assertThat(refusal.diagnostics())
                      .extracting(Diagnostic::path)
                      .containsExactly("caCertificate", "clientCertificate", "clientKey"));
    }
  }
}
