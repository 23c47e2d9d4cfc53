package io.dualstack.spi.gcp;

import com.google.api.services.compute.model.Address;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which addresses are in use, as far as address resources and the NICs of instances tell. */
final class AddressUse {
  private final Map<String, List<IpPrefix>> bySubnetwork = new HashMap<>();

  /** Reads all of the region. */
  static AddressUse read(Reservations reservations, Instances instances) {
    AddressUse use = new AddressUse();
    for (Address address : reservations.addresses(null)) {
      if (address.getSubnetwork() != null && address.getAddress() != null) {
        use.add(
            address.getSubnetwork(),
            reservations
                .read(address)
                .map(Reservation::block)
                .orElseGet(() -> Reservation.block(address)));
      }
    }
    instances.all().forEach(nic -> nic.blocks().forEach(block -> use.add(nic.subnetwork(), block)));
    return use;
  }

  private void add(String subnetwork, IpPrefix block) {
    bySubnetwork.computeIfAbsent(path(subnetwork), key -> new ArrayList<>()).add(block);
  }

  /** What is in use in a subnetwork, with what Compute Engine keeps for itself. */
  IpSet in(Subnetwork subnetwork) {
    List<IpPrefix> blocks =
        new ArrayList<>(bySubnetwork.getOrDefault(path(subnetwork.url()), List.of()));
    subnetwork.kept().forEach(address -> blocks.add(address.toPrefix()));
    return IpSet.ofPrefixes(blocks);
  }

  /** Whether two URLs name one subnetwork. They may differ in how they start. */
  static boolean isSame(String one, String other) {
    return path(one).equals(path(other));
  }

  private static String path(String url) {
    return Optional.of(url.indexOf("projects/"))
        .filter(start -> start >= 0)
        .map(url::substring)
        .orElse(url);
  }
}
