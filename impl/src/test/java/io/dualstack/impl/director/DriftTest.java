package io.dualstack.impl.director;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.Subnet;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.director.Deployment;
import io.dualstack.director.Drift;
import io.dualstack.director.InstanceGroup;
import io.dualstack.director.NetworkUse;
import io.dualstack.host.DefaultFor;
import io.dualstack.impl.allocation.StoreBackedAllocator;
import io.dualstack.impl.allocation.store.memory.MemoryAllocationStore;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicBlock;
import io.dualstack.testkit.TestClock;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DriftTest {
  private static final Deployment DEPLOYMENT =
      new Deployment(
          "cf",
          NetworkSet.of(
              new Manual("v4", List.of(Subnet.of(IpPrefix.parse("10.0.1.0/24")).build())),
              new Manual(
                  "cells",
                  List.of(
                      Subnet.of(IpPrefix.parse("2001:db8:4e04:d139::/64"))
                          .prefixLength(80)
                          .build()))),
          List.of(
              new InstanceGroup(
                  "cell",
                  2,
                  List.of(),
                  List.of(
                      new NetworkUse(
                          "v4", Set.of(DefaultFor.DNS, DefaultFor.GATEWAY), List.of(), 1, null),
                      new NetworkUse("cells", Set.of(), List.of(), 1, null)),
                  false)),
          List.of());

  private final TestClock clock = TestClock.atNoon();
  private final AllocationStore store = new MemoryAllocationStore();
  private final ScriptedProvider provider = new ScriptedProvider();
  private final DeploymentDirector director =
      new DeploymentDirector(
          new StoreBackedAllocator(store, AddressSpace.DEFAULT, AllocatorOptions.DEFAULT, clock),
          store,
          provider,
          name -> provider.session(),
          IpSet.empty(),
          clock);

  @BeforeEach
  void apply() {
    director.apply(DEPLOYMENT, "scripted");
  }

  private List<String> found() {
    return director.drift("cf").drifts().stream()
        .map(drift -> drift.owner() + ": " + drift.description() + ": " + drift.repair())
        .toList();
  }

  private AttachedNic change(String key, String owner, String life, List<NicBlock> blocks) {
    AttachedNic nic = new AttachedNic(key, new Owner(owner), life, "1", null, blocks);
    provider.nics.put(key, nic);
    return nic;
  }

  @Test
  void there_is_none_after_apply_and_none_of_what_was_never_attached() {
    assertThat(found()).isEmpty();
    assertThat(director.drift("cf").provider()).isEqualTo("scripted");
    assertThat(director.drift("other").drifts()).isEmpty();
    assertThat(director.repair("other").provider()).isEmpty();
  }

  @Test
  void a_nic_that_is_gone_is_found_and_apply_brings_it_back() {
    provider.nics.remove("cf/cell/0#1");

    assertThat(found())
        .containsExactlyInAnyOrder(
            "cf/cell/0: 10.0.1.1/32 of network v4 is on none of its NICs: APPLY",
            "cf/cell/0: 2001:db8:4e04:d139:1::/80 of network cells is on none of its NICs: APPLY");
    assertThat(director.repair("cf").drifts()).hasSize(2);

    director.apply(DEPLOYMENT, "scripted");
    assertThat(found()).isEmpty();
  }

  @Test
  void a_block_that_is_too_much_and_one_that_is_missing_are_found() {
    AttachedNic nic = provider.nics.get("cf/cell/1#1");
    change(
        nic.id(),
        "cf/cell/1",
        nic.incarnation(),
        List.of(
            nic.blocks().get(0),
            NicBlock.chosen("cells", IpPrefix.parse("2001:db8:4e04:d139:9::/80"))));

    assertThat(found())
        .containsExactlyInAnyOrder(
            "cf/cell/1: NIC 1 (cf/cell/1#1) has 2001:db8:4e04:d139:9::/80, which it doesn't hold:"
                + " APPLY",
            "cf/cell/1: 2001:db8:4e04:d139:2::/80 of network cells is on none of its NICs: APPLY");

    director.apply(DEPLOYMENT, "scripted");
    assertThat(found()).isEmpty();
  }

  @Test
  void nics_that_nobody_has_are_detached_by_repair() {
    AttachedNic nic = provider.nics.get("cf/cell/1#1");
    change(
        "left", "cf/cell/7", "1", List.of(NicBlock.chosen("v4", IpPrefix.parse("10.0.1.77/32"))));
    change(nic.id(), "cf/cell/1", "earlier", nic.blocks());

    assertThat(director.drift("cf").drifts())
        .extracting(drift -> (Object) drift.getClass())
        .contains(Drift.OtherLife.class, Drift.UnknownNic.class);
    assertThat(found())
        .contains("cf/cell/7: NIC 1 (left) is attached, but the machine holds nothing: DETACH");

    assertThat(director.repair("cf").drifts())
        .allSatisfy(drift -> assertThat(drift.repair()).isEqualTo(Drift.Repair.APPLY));
    assertThat(provider.nics).containsOnlyKeys("cf/cell/0#1");
    director.apply(DEPLOYMENT, "scripted");
    assertThat(found()).isEmpty();
  }
}
