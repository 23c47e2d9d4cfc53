package io.dualstack.impl.director;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Owner;
import io.dualstack.director.Drift;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicBlock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares what owners hold in the store with what their NICs have. */
final class DriftCheck {
  private final Map<Owner, List<AllocatedBlock>> held = new HashMap<>();

  DriftCheck(NetworkSet networks, List<AllocatedBlock> blocks) {
    for (AllocatedBlock block : blocks) {
      // Floating addresses and those known from outside are on no NIC of ours.
      if (block.state() == BlockState.ACTIVE
          && block.kind() != AllocationKind.EXTERNAL
          && networks.byName().get(block.network()) instanceof Manual) {
        held.computeIfAbsent(block.owner(), owner -> new ArrayList<>(3)).add(block);
      }
    }
  }

  List<Drift> against(List<AttachedNic> nics) {
    Map<Owner, Set<IpPrefix>> attached = new HashMap<>();
    List<Drift> drifts = new ArrayList<>();
    for (AttachedNic nic : nics) {
      List<AllocatedBlock> holds = held.get(nic.owner());
      if (holds == null) {
        drifts.add(new Drift.UnknownNic(nic));
      } else if (holds.stream().noneMatch(block -> block.incarnation().equals(nic.incarnation()))) {
        drifts.add(new Drift.OtherLife(nic, holds.get(0).incarnation()));
      } else {
        compare(nic, holds, attached, drifts);
      }
    }
    held.values().stream()
        .flatMap(List::stream)
        .filter(block -> !attached.getOrDefault(block.owner(), Set.of()).contains(block.block()))
        .forEach(block -> drifts.add(new Drift.MissingBlock(block)));
    drifts.sort(Comparator.comparing(Drift::owner));
    return drifts;
  }

  private static void compare(
      AttachedNic nic,
      List<AllocatedBlock> holds,
      Map<Owner, Set<IpPrefix>> attached,
      List<Drift> drifts) {
    for (NicBlock block : nic.blocks()) {
      IpPrefix prefix = block.chosenBlock().orElseThrow();
      if (holds.stream().anyMatch(held -> held.block().equals(prefix))) {
        attached.computeIfAbsent(nic.owner(), owner -> new HashSet<>()).add(prefix);
      } else {
        drifts.add(new Drift.UnknownBlock(nic, prefix));
      }
    }
  }
}
