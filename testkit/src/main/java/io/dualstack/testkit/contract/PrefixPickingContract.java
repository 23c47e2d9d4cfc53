package io.dualstack.testkit.contract;

import static io.dualstack.allocation.PrefixChooser.PROVIDER;
import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.AttachOutcome;
import io.dualstack.provider.AttachOutcome.Attached;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.FamilyCapabilities;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The part of {@link NetworkProviderContract} about prefixes that the provider picks itself. */
abstract class PrefixPickingContract extends OpenProvider {
  @Test
  void a_picked_prefix_is_of_the_asked_size_and_free() {
    leaveTheChoiceToTheProvider();
    List<NicBlock> taken = networks.named(0);
    attach(networks.nic("cf/taken/0", taken));

    AttachedNic nic = attach(networks.nic("cf/cell/0", networks.open(1))).nic();

    for (IpFamily family : picked(nic)) {
      NicBlock block = prefixOf(nic, family);
      IpPrefix prefix = block.chosenBlock().orElseThrow();
      Subnet subnet = networks.subnet(context.networks(), block.network());
      assertThat(prefix.length()).isEqualTo(subnet.prefixLength());
      assertThat(subnet.range().contains(prefix)).as("%s in %s", prefix, subnet).isTrue();
      assertThat(subnet.restricted().overlaps(prefix)).as("%s is restricted", prefix).isFalse();
      assertThat(taken)
          .allSatisfy(
              other -> assertThat(other.chosenBlock().orElseThrow().overlaps(prefix)).isFalse());
    }
  }

  @Test
  void a_picked_prefix_stays_the_same() {
    leaveTheChoiceToTheProvider();
    NicRequest request = networks.nic("cf/cell/5", networks.open(5));
    attachAll(machines(3, networks::open));
    AttachedNic nic = attach(request).nic();

    Attached again = attach(request);
    reopen();
    Attached afterRestart = attach(request);

    assertThat(again).isEqualTo(new Attached(nic, false));
    assertThat(afterRestart).isEqualTo(new Attached(nic, false));
  }

  @Test
  void a_picked_prefix_can_be_asked_for_by_name_afterwards() {
    leaveTheChoiceToTheProvider();
    AttachedNic nic = attach(networks.nic("cf/cell/0", networks.open(0))).nic();

    Attached again = attach(networks.nic("cf/cell/0", nic.blocks()));

    assertThat(again).isEqualTo(new Attached(nic, false));
  }

  @Test
  void picked_prefixes_never_overlap() {
    leaveTheChoiceToTheProvider();

    attachAll(machines(manyMachines(), networks::open));
    reopen();
    attachAll(
        IntStream.range(manyMachines(), 2 * manyMachines())
            .mapToObj(n -> networks.nic("other/cell/" + n, networks.open(n)))
            .toList());

    assertDisjoint(session.attached(ALL));
  }

  @Test
  void prefixes_picked_by_many_threads_never_overlap() throws Exception {
    leaveTheChoiceToTheProvider();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<List<AttachOutcome>>> calls =
          machines(manyMachines(), networks::open).stream()
              .<Callable<List<AttachOutcome>>>map(request -> () -> session.attach(List.of(request)))
              .toList();
      for (Future<List<AttachOutcome>> call : threads.invokeAll(calls)) {
        assertAttached(call.get().get(0));
      }
    } finally {
      threads.shutdownNow();
    }

    assertDisjoint(session.attached(ALL));
  }

  @Test
  void a_pick_that_was_cut_off_is_finished_by_asking_again() {
    leaveTheChoiceToTheProvider();
    List<NicRequest> requests = machines(manyMachines(), networks::open);
    context.journal().failNextUpdate();
    attachIgnoringFailure(requests);

    reopen();
    List<AttachedNic> nics = attachAll(requests);

    assertThat(session.attached(ALL)).containsExactlyInAnyOrderElementsOf(nics);
    assertDisjoint(nics);
  }

  @Test
  void picking_is_refused_where_it_is_not_declared() {
    for (Map.Entry<IpFamily, FamilyCapabilities> family :
        provider.capabilities().families().entrySet()) {
      if (!family.getValue().choosers().contains(PROVIDER)) {
        List<NicBlock> blocks = new ArrayList<>();
        if (networks.addressFamilies().contains(family.getKey())) {
          blocks.add(networks.address(family.getKey(), 0));
        }
        blocks.add(networks.openPrefix(family.getKey()));

        assertUnsupported(networks.nic("cf/cell/0", blocks));
      }
    }
  }

  private static List<IpFamily> picked(AttachedNic nic) {
    return nic.blocks().stream().filter(NicBlock::isPrefix).map(NicBlock::family).toList();
  }

  private static NicBlock prefixOf(AttachedNic nic, IpFamily family) {
    return nic.blocks().stream()
        .filter(block -> block.isPrefix() && block.family() == family)
        .findFirst()
        .orElseThrow();
  }
}
