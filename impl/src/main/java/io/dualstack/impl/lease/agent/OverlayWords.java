package io.dualstack.impl.lease.agent;

import io.dualstack.lease.AgentConfig;
import io.dualstack.lease.CellLease;
import io.dualstack.net.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a cell's kernel is told of the overlay network, in the words of the system's tools. */
public final class OverlayWords {
  private OverlayWords() {}

  /**
   * Returns the words of {@code ip} and {@code bridge} for a cell whose overlay device is new.
   *
   * @param own the cell's lease, in one of the overlay networks
   * @param leases those of all cells
   */
  public static List<String> of(AgentConfig config, CellLease own, List<CellLease> leases) {
    IpPrefix network = OverlayNetworks.networkOf(config, own.overlayIp());
    if (network == null) {
      throw new IllegalArgumentException(own.overlaySubnet() + ": is in no overlay network");
    }
    String device = config.vtep().name();
    OverlayEntries nothing = new OverlayEntries(Map.of(), Map.of(), Map.of());
    OverlayEntries wanted = OverlayEntries.wanted(config, own, leases);
    List<String> words = new ArrayList<>();
    words.add(Vtep.addressing(device, own, network));
    words.addAll(wanted.bridgeCommands(nothing, device));
    words.addAll(wanted.ipCommands(nothing, device));
    return words;
  }
}
