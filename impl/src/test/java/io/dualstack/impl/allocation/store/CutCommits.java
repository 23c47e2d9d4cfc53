package io.dualstack.impl.allocation.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationRequest;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.allocation.Subnet;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.AllocationStoreFactory;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.CommitResult.Committed;
import io.dualstack.allocation.spi.CommitResult.Refused;
import io.dualstack.allocation.spi.Refusal.Overlap;
import io.dualstack.impl.allocation.StoreBackedAllocator;
import io.dualstack.impl.allocation.check.StoreCheck;
import io.dualstack.impl.metrics.RecordingMeters;
import io.dualstack.impl.store.CuttingProxy;
import io.dualstack.impl.store.CuttingProxy.Cut;
import io.dualstack.impl.store.SharedServer;
import io.dualstack.net.IpPrefix;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What callers are told when the connection is cut while they commit, and what is kept. */
public abstract class CutCommits {
  protected static final AllocatedBlock HELD = Blocks.held("2001:db8:0:0:1::/80", "cf/cell/0");

  @TempDir private Path folder;
  private final SharedServer server;
  private final AllocationStoreFactory factory;
  private CuttingProxy proxy;

  protected String location = "";
  protected AllocationStore store;
  protected final RecordingMeters meters = new RecordingMeters();

  protected CutCommits(SharedServer server, AllocationStoreFactory factory) {
    this.server = server;
    this.factory = factory;
  }

  @BeforeEach
  void open() throws IOException {
    location = server.locationOf(folder);
    proxy = server.proxy();
    store = factory.open(server.through(proxy, location), meters);
  }

  @AfterEach
  void close() {
    store.close();
    proxy.close();
  }

  @Test
  void a_commit_that_the_server_never_heard_of_can_be_done_again() {
    proxy.cutNext(Cut.BEFORE_COMMIT);

    assertOutcomeUnknown();

    assertThat(store.revision()).isZero();
    assertThat(store.commit(Blocks.set(new Change.Add(HELD)))).isEqualTo(new Committed(1));
  }

  @Test
  void a_commit_whose_answer_was_lost_is_found_when_it_is_done_again() {
    proxy.cutNext(Cut.BEFORE_ANSWER);

    assertOutcomeUnknown();

    assertThat(store.commit(Blocks.set(new Change.Add(HELD))))
        .isEqualTo(new Refused(new Overlap(HELD.block(), HELD)));
    assertThat(store.revision()).isEqualTo(1);
    assertThat(store.changesSince(AddressSpace.DEFAULT, 0)).hasSize(1);
  }

  private void assertOutcomeUnknown() {
    assertThatThrownBy(() -> store.commit(Blocks.set(new Change.Add(HELD))))
        .isInstanceOfSatisfying(
            StoreUnavailableException.class, failure -> assertThat(failure.retryable()).isTrue())
        .hasMessageStartingWith(store.location())
        .hasMessageContaining("is now there as a whole or not at all; ask again");
    assertThat(proxy.isArmed()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void an_owner_who_asks_again_after_a_cut_gets_one_block(Cut where) {
    PrefixAllocator allocator =
        new StoreBackedAllocator(
            store, AddressSpace.DEFAULT, AllocatorOptions.DEFAULT, Clock.systemUTC());
    Subnet subnet = Subnet.of(IpPrefix.parse("2001:db8::/64")).prefixLength(80).build();
    allocator.define(NetworkSet.of(new NetworkDefinition.Manual("cells", List.of(subnet))));
    allocator.allocate(request("cf/router/0"));
    AllocationRequest request = request("cf/cell/0");
    proxy.cutNext(where);

    assertThatThrownBy(() -> allocator.allocate(request))
        .isInstanceOf(StoreUnavailableException.class);

    assertThat(proxy.isArmed()).isFalse();
    assertThat(allocator.allocate(request).blocks())
        .containsExactlyElementsOf(allocator.blocks(OwnerScope.below("cf/cell")))
        .hasSize(1);
    allocator.allocate(request("cf/cell/1"));
    assertThat(StoreCheck.run(store).findings()).isEmpty();
  }

  private static AllocationRequest request(String owner) {
    return AllocationRequest.forOwner(owner).from("cells").build();
  }
}
