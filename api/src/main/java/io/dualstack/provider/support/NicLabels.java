package io.dualstack.provider.support;

import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.support.NicLedger.Intent;
import io.dualstack.provider.support.NicLedger.Recorded;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says which network each block of a NIC belongs to, which the infrastructure doesn't know: as
 * recorded, else as asked for, else as the networks are defined now.
 */
final class NicLabels {
  /** The network of a block that belongs to none. */
  private static final String NONE = "";

  private final NetworkSet networks;

  NicLabels(NetworkSet networks) {
    this.networks = networks;
  }

  /** Describes a NIC of this foundation; as it was recorded, if it still is so. */
  AttachedNic describe(
      InfrastructureNic nic, @Nullable Recorded recorded, @Nullable Intent intent) {
    NicIdentity identity = nic.owned().orElseThrow();
    Set<IpPrefix> blocks = new LinkedHashSet<>(nic.blocks());
    List<NicBlock> labelled = new ArrayList<>();
    Stream.concat(
            recorded == null ? Stream.of() : recorded.nic().blocks().stream(),
            intent == null ? Stream.of() : intent.blocks().stream())
        .filter(block -> block.chosenBlock().filter(blocks::remove).isPresent())
        .forEach(labelled::add);
    blocks.forEach(block -> labelled.add(NicBlock.chosen(networkOf(block), block)));
    String incarnation = nic.incarnation();
    return new AttachedNic(
        nic.id(),
        identity.owner(),
        incarnation == null ? "" : incarnation,
        identity.nic(),
        nic.mac(),
        labelled);
  }

  private String networkOf(IpPrefix block) {
    return networks.manual().stream()
        .filter(
            network ->
                network.subnets().stream()
                    .anyMatch(
                        subnet ->
                            subnet.range().contains(block)
                                && subnet.prefixLength() == block.length()))
        .map(Manual::name)
        .findFirst()
        .orElse(NONE);
  }
}
