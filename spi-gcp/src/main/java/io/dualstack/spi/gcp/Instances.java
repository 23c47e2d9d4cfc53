package io.dualstack.spi.gcp;

import com.google.api.services.compute.model.AccessConfig;
import com.google.api.services.compute.model.AliasIpRange;
import com.google.api.services.compute.model.Instance;
import com.google.api.services.compute.model.InstanceAggregatedList;
import com.google.api.services.compute.model.NetworkInterface;
import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the NICs of instances, and brings them up to date. Thread-safe. */
final class Instances {
  private static final long PAGE = 500;

  private final ComputeConnection connection;

  Instances(ComputeConnection connection) {
    this.connection = connection;
  }

  /** The NICs of one instance; none if it is gone. */
  List<InstanceNic> nics(InstanceReference reference) {
    return connection
        .find(
            "reading " + reference,
            () ->
                connection
                    .compute()
                    .instances()
                    .get(reference.project(), reference.zone(), reference.name()))
        .map(instance -> nics(reference, instance))
        .orElse(List.of());
  }

  /** The NICs of all instances of the region. */
  List<InstanceNic> all() {
    List<InstanceNic> nics = new ArrayList<>();
    connection
        .all(
            "listing instances",
            token ->
                () ->
                    connection
                        .compute()
                        .instances()
                        .aggregatedList(connection.project())
                        .setMaxResults(PAGE)
                        .setPageToken(token),
            (InstanceAggregatedList page) ->
                page.getItems() == null ? null : List.copyOf(page.getItems().entrySet()),
            InstanceAggregatedList::getNextPageToken)
        .forEach(
            scope -> {
              String zone = Reservation.lastSegment(scope.getKey());
              List<Instance> instances = scope.getValue().getInstances();
              if (zone.startsWith(connection.region() + "-") && instances != null) {
                instances.forEach(
                    instance ->
                        nics.addAll(
                            nics(
                                new InstanceReference(
                                    connection.project(), zone, instance.getName()),
                                instance)));
              }
            });
    return nics;
  }

  private static List<InstanceNic> nics(InstanceReference reference, Instance instance) {
    return instance.getNetworkInterfaces() == null
        ? List.of()
        : instance.getNetworkInterfaces().stream()
            .map(
                nic ->
                    InstanceNic.of(
                        reference,
                        Reservation.time(instance.getCreationTimestamp()).orElse(null),
                        nic))
            .toList();
  }

  /** The NICs of the instances that use something. */
  List<InstanceNic> using(List<Reservation> reservations) {
    return reservations.stream()
        .flatMap(reservation -> reservation.instance().stream())
        .distinct()
        .flatMap(reference -> nics(reference).stream())
        .toList();
  }

  /** The NIC of an instance for which something is reserved; empty if there is none. */
  private Optional<InstanceNic> nic(List<Reservation> reservations) {
    return using(reservations).stream().filter(nic -> nic.isOf(reservations)).findFirst();
  }

  /**
   * Puts what is reserved on the NIC of the instance that uses it, and takes other blocks off. Does
   * nothing if there is no such instance, or nothing is to be changed.
   *
   * @param reservations what is reserved for the NIC, as it was last seen
   * @param gone blocks to take off
   * @throws ProviderException with {@link Reason#REFUSED} if the NIC has another /96
   */
  void fit(List<Reservation> reservations, Subnetwork subnetwork, List<IpPrefix> gone) {
    List<IpPrefix> wanted = new ArrayList<>(reservations.stream().map(Reservation::block).toList());
    wanted.removeAll(gone);
    for (int tries = 1; ; tries++) {
      Optional<InstanceNic> found = nic(reservations);
      if (found.isEmpty()) {
        return;
      }
      InstanceNic nic = found.get();
      Optional<NetworkInterface> patch = patch(nic, wanted, gone, subnetwork);
      if (patch.isEmpty()) {
        return;
      }
      InstanceReference instance = nic.instance();
      String what = "updating " + nic;
      String code =
          connection.change(
              what,
              Set.of(ComputeFailure.STALE),
              () ->
                  connection
                      .compute()
                      .instances()
                      .updateNetworkInterface(
                          instance.project(),
                          instance.zone(),
                          instance.name(),
                          nic.name(),
                          patch.get()));
      if (code.isEmpty()) {
        return;
      }
      if (tries >= connection.patience().attempts()) {
        throw new ProviderException(
            GcpNetworkProvider.NAME,
            Reason.UNAVAILABLE,
            true,
            what + ": somebody else changes it all the time; ask again later",
            null);
      }
      connection.patience().pause(tries);
    }
  }

  /** Returns what is to be changed; empty if the NIC is as it should be. */
  private static Optional<NetworkInterface> patch(
      InstanceNic nic, List<IpPrefix> wanted, List<IpPrefix> gone, Subnetwork subnetwork) {
    NetworkInterface patch = new NetworkInterface().setFingerprint(nic.fingerprint());
    boolean isChanged = false;
    Map<IpPrefix, String> aliases = new LinkedHashMap<>(nic.aliases());
    gone.forEach(aliases::remove);
    for (IpPrefix block : wanted) {
      if (block.family() == IpFamily.IPV4 && !block.isSingle()) {
        aliases.putIfAbsent(block, subnetwork.secondaryRangeOf(block).orElse(""));
      } else if (block.family() == IpFamily.IPV6 && !block.equals(nic.ipv6())) {
        checkRoom(nic, block, gone);
        isChanged = true;
        putIpv6(patch, block, subnetwork);
      }
    }
    if (nic.ipv6() != null && gone.contains(nic.ipv6()) && patch.getStackType() == null) {
      isChanged = true;
      patch.setStackType("IPV4_ONLY");
    }
    if (!aliases.equals(nic.aliases())) {
      isChanged = true;
      patch.setAliasIpRanges(aliases.entrySet().stream().map(Instances::alias).toList());
    }
    return isChanged ? Optional.of(patch) : Optional.empty();
  }

  private static void checkRoom(InstanceNic nic, IpPrefix block, List<IpPrefix> gone) {
    if (nic.ipv6() != null && !gone.contains(nic.ipv6())) {
      throw new ProviderException(
          GcpNetworkProvider.NAME,
          Reason.REFUSED,
          false,
          "%s has %s, and can't have %s beside it; ask for the one it has, or take that off first"
              .formatted(nic, nic.ipv6(), block),
          null);
    }
  }

  private static void putIpv6(NetworkInterface patch, IpPrefix block, Subnetwork subnetwork) {
    patch.setStackType("IPV4_IPV6");
    String first = block.first().toString();
    if (subnetwork.isExternal(block.family())) {
      patch.setIpv6AccessConfigs(
          List.of(
              new AccessConfig()
                  .setName("external-ipv6")
                  .setType("DIRECT_IPV6")
                  .setNetworkTier("PREMIUM")
                  .setExternalIpv6(first)
                  .setExternalIpv6PrefixLength(block.length())));
    } else {
      patch.setIpv6Address(first).setInternalIpv6PrefixLength(block.length());
    }
  }

  private static AliasIpRange alias(Map.Entry<IpPrefix, String> alias) {
    AliasIpRange range = new AliasIpRange().setIpCidrRange(alias.getKey().toString());
    return alias.getValue().isEmpty() ? range : range.setSubnetworkRangeName(alias.getValue());
  }
}
