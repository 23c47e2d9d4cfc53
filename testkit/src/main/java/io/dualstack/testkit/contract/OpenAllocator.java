package io.dualstack.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.Allocation;
import io.dualstack.allocation.AllocationRequest;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.DesiredState;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.testkit.TestClock;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** The allocators under test, over the networks of the dual-stack RFC and some more. */
abstract class OpenAllocator {

  /** The network of the dual-stack RFC: a /64 of which the first /80 is reserved. */
  protected static final NetworkDefinition.Manual CELLS =
      new NetworkDefinition.Manual(
          "cells",
          List.of(
              Subnet.of(IpPrefix.parse("2001:db8:4e04:d139::/64"))
                  .prefixLength(80)
                  .gateway(IpAddress.parse("2001:db8:4e04:d139::1"))
                  .reserved(IpSet.of(IpRange.parse("2001:db8:4e04:d139::/80")))
                  .build()));

  /** Single IPv6 addresses out of the first /80 of the same /64. */
  protected static final NetworkDefinition.Manual V6 =
      new NetworkDefinition.Manual(
          "v6",
          List.of(
              Subnet.of(IpPrefix.parse("2001:db8:4e04:d139::/64"))
                  .gateway(IpAddress.parse("2001:db8:4e04:d139::1"))
                  .reserved(
                      IpSet.of(
                          IpRange.parse(
                              "2001:db8:4e04:d139:1::-2001:db8:4e04:d139:ffff:ffff:ffff:ffff")))
                  .build()));

  /** Single IPv4 addresses with reserved and static ones. */
  protected static final NetworkDefinition.Manual V4 =
      new NetworkDefinition.Manual(
          "v4",
          List.of(
              Subnet.of(IpPrefix.parse("192.0.2.0/27"))
                  .gateway(IpAddress.parse("192.0.2.1"))
                  .reserved(IpSet.of(IpRange.parse("192.0.2.2-192.0.2.3")))
                  .statics(IpSet.of(IpRange.parse("192.0.2.8-192.0.2.11")))
                  .build()));

  static final NetworkSet NETWORKS = NetworkSet.of(V4, V6, CELLS);

  /** The clock that the allocators of a test read. */
  protected final TestClock clock = TestClock.atNoon();

  OpenAllocator() {}

  /**
   * Returns an allocator over the one store of this test; the first call of a test makes the store,
   * empty.
   *
   * @param options how the allocator behaves
   * @param time the clock it reads
   * @return an allocator that knows nothing but what the store tells it
   */
  protected abstract PrefixAllocator allocator(AllocatorOptions options, Clock time);

  PrefixAllocator allocator(AllocatorOptions options) {
    PrefixAllocator allocator = allocator(options, clock);
    allocator.define(NETWORKS);
    return allocator;
  }

  PrefixAllocator allocator() {
    return allocator(AllocatorOptions.DEFAULT);
  }

  static AllocationRequest.Builder vm(String id) {
    return AllocationRequest.forOwner(id).incarnation("1");
  }

  static IpPrefix block(String text) {
    return IpPrefix.parse(text);
  }

  static List<String> texts(Allocation allocation) {
    return allocation.blocks().stream().map(held -> held.block().toString()).toList();
  }

  static DesiredState cells(NetworkSet networks, int count) {
    List<AllocationRequest> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      requests.add(vm("cf/cell/" + i).from("v4").from("cells").build());
    }
    return new DesiredState(networks, OwnerScope.below("cf"), requests);
  }

  static void assertDisjoint(List<AllocatedBlock> blocks) {
    for (int i = 1; i < blocks.size(); i++) {
      assertThat(blocks.get(i - 1).block().overlaps(blocks.get(i).block()))
          .as("%s and %s overlap", blocks.get(i - 1), blocks.get(i))
          .isFalse();
    }
  }
}
