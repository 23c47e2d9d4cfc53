package io.dualstack.spi.gcp;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;

import com.google.api.services.compute.model.Address;
import io.dualstack.Diagnostic;
import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderJournal;
import io.dualstack.provider.ProviderPool;
import io.dualstack.provider.support.InfrastructureNic;
import io.dualstack.provider.support.NicIdentity;
import io.dualstack.provider.support.NicOperations;
import io.dualstack.spi.gcp.Reservations.Wish;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * NICs on Compute Engine, where a NIC is a part of an instance and can't be made alone. A NIC here
 * is what is reserved for it: one address resource for each block. Whoever makes the instance names
 * the reserved addresses in it, and thereby uses them; from then on the instance's own NIC is
 * brought up to date too.
 */
final class ComputeNicOperations implements NicOperations {
  /** More instances than this are looked up by listing all. */
  private static final int LIST_FROM = 8;

  private final Reservations reservations;
  private final Instances instances;
  private final Subnetworks subnetworks;
  private final BlockPicker picker;
  private final Removals removals;
  private final Supplier<NetworkSet> networks;

  ComputeNicOperations(
      ComputeConnection connection,
      String foundation,
      Supplier<NetworkSet> networks,
      ProviderJournal journal) {
    this.reservations = new Reservations(connection, foundation);
    this.instances = new Instances(connection);
    this.subnetworks = new Subnetworks(connection);
    this.picker = new BlockPicker(reservations, instances, networks);
    this.removals = new Removals(journal);
    this.networks = networks;
  }

  // Looking

  @Override
  public List<ProviderPool> pools() {
    return subnetworks.pools(AddressUse.read(reservations, instances), networks.get());
  }

  @Override
  public List<Diagnostic> verify(NetworkSet checked) {
    return new SubnetworkCheck(subnetworks).of(checked);
  }

  @Override
  public void check(NicRequest request) {
    NicProperties.of(request);
  }

  @Override
  public List<InfrastructureNic> all() {
    Map<NicIdentity, List<Reservation>> byIdentity =
        reservations.all().stream()
            .collect(groupingBy(Reservation::identity, TreeMap::new, toList()));
    if (!removals.isEmpty()) {
      byIdentity.replaceAll(this::finished);
    }
    Set<InstanceReference> used = new LinkedHashSet<>();
    byIdentity.values().forEach(some -> some.forEach(one -> one.instance().ifPresent(used::add)));
    List<InstanceNic> nics = new ArrayList<>();
    if (used.size() > LIST_FROM) {
      nics.addAll(instances.all());
    } else {
      used.forEach(instance -> nics.addAll(instances.nics(instance)));
    }
    Map<String, List<InstanceNic>> byInstance =
        nics.stream().collect(groupingBy(nic -> nic.instance().key()));
    return byIdentity.values().stream()
        .flatMap(
            reserved ->
                described(
                    reserved,
                    reserved.stream()
                        .flatMap(reservation -> reservation.instance().stream())
                        .distinct()
                        .flatMap(one -> byInstance.getOrDefault(one.key(), List.of()).stream())
                        .toList())
                    .stream())
        .toList();
  }

  @Override
  public Optional<InfrastructureNic> find(NicIdentity identity) {
    List<Reservation> found = finished(identity, reservations.of(identity));
    return described(found, instances.using(found));
  }

  /** Takes off what a run that was cut off had begun to take off, and returns what is left. */
  private List<Reservation> finished(NicIdentity identity, List<Reservation> found) {
    List<Reservation> begun = removals.unfinished(reservations.nicId(identity), found);
    if (begun.isEmpty()) {
      return found;
    }
    takeOff(identity, own(found, instances.using(found)), begun);
    List<Reservation> left = new ArrayList<>(found);
    left.removeAll(begun);
    return left;
  }

  private void takeOff(NicIdentity identity, List<Reservation> own, List<Reservation> unwanted) {
    if (own.stream().anyMatch(reservation -> reservation.instance().isPresent())) {
      removals.begin(unwanted);
      instances.fit(own, of(own.get(0)), unwanted.stream().map(Reservation::block).toList());
    }
    reservations.release(identity, unwanted);
    removals.end(unwanted);
  }

  /** What a NIC has; empty if nothing is reserved for it that is its own. */
  private Optional<InfrastructureNic> described(
      List<Reservation> reserved, List<InstanceNic> using) {
    List<Reservation> own = own(reserved, using);
    return own.isEmpty()
        ? Optional.empty()
        : Optional.of(described(own, using.stream().filter(nic -> nic.isOf(own)).findFirst()));
  }

  /**
   * Leaves out what instances had before it was reserved, unless they were adopted: a run that was
   * cut off has not released it yet. What is reserved for an instance that uses an older
   * reservation of the NIC is the NIC's own.
   */
  private static List<Reservation> own(List<Reservation> reserved, List<InstanceNic> using) {
    Set<InstanceReference> foreign =
        using.stream().map(InstanceNic::instance).collect(toCollection(HashSet::new));
    for (InstanceNic nic : using) {
      reserved.stream()
          .filter(reservation -> reservation.isAdopted() || !nic.isBefore(reservation))
          .filter(reservation -> reservation.instance().filter(nic.instance()::equals).isPresent())
          .forEach(reservation -> foreign.remove(nic.instance()));
    }
    return reserved.stream()
        .filter(reservation -> reservation.instance().filter(foreign::contains).isEmpty())
        .toList();
  }

  private List<Reservation> own(NicIdentity identity) {
    List<Reservation> reserved = reservations.of(identity);
    return own(reserved, instances.using(reserved));
  }

  /** What is reserved, without what is not in place although there is an instance. */
  private InfrastructureNic described(List<Reservation> reserved, Optional<InstanceNic> nic) {
    Reservation first = reserved.get(0);
    return new InfrastructureNic(
        reservations.nicId(first.identity()),
        first.identity(),
        first.incarnation(),
        null,
        reserved.stream()
            .map(Reservation::block)
            .filter(block -> nic.isEmpty() || nic.get().has(block))
            .sorted()
            .toList());
  }

  @Override
  public Optional<InfrastructureNic> holder(NicRequest request, IpPrefix block) {
    Subnetwork subnetwork = subnetworks.of(NicProperties.of(request));
    Optional<InfrastructureNic> foreign = Optional.empty();
    for (Address address : reservations.addresses(null)) {
      if (address.getSubnetwork() == null
          || address.getAddress() == null
          || !AddressUse.isSame(address.getSubnetwork(), subnetwork.url())) {
        continue;
      }
      Optional<Reservation> ours = reservations.read(address);
      if (ours.isPresent() && ours.get().block().overlaps(block)) {
        Optional<InfrastructureNic> nic = find(ours.get().identity());
        if (nic.isPresent()) {
          return nic;
        }
      }
      if (ours.isEmpty() && Reservation.block(address).overlaps(block)) {
        foreign =
            Optional.of(
                new InfrastructureNic(
                    "address " + address.getName(),
                    null,
                    null,
                    null,
                    List.of(Reservation.block(address))));
      }
    }
    return foreign.or(
        () ->
            instances.all().stream()
                .filter(nic -> AddressUse.isSame(nic.subnetwork(), subnetwork.url()))
                .filter(nic -> nic.blocks().stream().anyMatch(block::overlaps))
                .map(nic -> new InfrastructureNic(nic.toString(), null, null, null, nic.blocks()))
                .findFirst());
  }

  // Making

  @Override
  public InfrastructureNic create(NicRequest request, String token) {
    return put(request, request.blocks(), List.of());
  }

  @Override
  public InfrastructureNic change(
      InfrastructureNic nic, NicRequest request, List<IpPrefix> gone, List<NicBlock> more) {
    NicIdentity identity = nic.owned().orElseThrow();
    List<Reservation> before = own(identity);
    List<Reservation> unwanted =
        before.stream().filter(reservation -> gone.contains(reservation.block())).toList();
    checkUnused(unwanted);
    if (!more.isEmpty()) {
      places(request, more);
    }
    if (!unwanted.isEmpty()) {
      takeOff(identity, before, unwanted);
    }
    List<Reservation> left = new ArrayList<>(before);
    left.removeAll(unwanted);
    if (more.isEmpty()) {
      return new InfrastructureNic(
          nic.id(),
          identity,
          nic.incarnation(),
          null,
          left.stream().map(Reservation::block).sorted().toList());
    }
    return put(request, more, left);
  }

  /**
   * Reserves blocks beside those that are reserved, and puts them on the instance if there is one.
   */
  private InfrastructureNic put(
      NicRequest request, List<NicBlock> blocks, List<Reservation> before) {
    NicIdentity identity = NicIdentity.of(request);
    Subnetwork subnetwork = places(request, blocks);
    Set<String> names =
        before.stream().map(Reservation::name).collect(toCollection(LinkedHashSet::new));
    try {
      for (NicBlock block : inOrder(blocks)) {
        if (before.stream().noneMatch(had -> had.block().equals(block.block()))) {
          Wish wish = new Wish(identity, request.incarnation(), block.block(), block.family());
          names.add(
              block.block() == null
                  ? picker.reserve(block, wish, subnetwork)
                  : reservations.reserve(wish, subnetwork));
        }
      }
      List<Reservation> now = reservations.awaitSeen(identity, names);
      refuseForeignInstances(before, now);
      instances.fit(now, subnetwork, List.of());
      return described(now, Optional.empty());
    } catch (ProviderException failure) {
      // What is reserved and not on the instance is no part of the NIC, so that nobody else sees
      // that it must be undone.
      giveUp(identity, before, failure);
      throw failure;
    }
  }

  private void giveUp(NicIdentity identity, List<Reservation> before, ProviderException failure) {
    Set<String> had = before.stream().map(Reservation::name).collect(toSet());
    try {
      reservations.release(
          identity,
          reservations.of(identity).stream()
              .filter(reservation -> !had.contains(reservation.name()))
              .toList());
    } catch (ProviderException undoing) {
      failure.addSuppressed(undoing);
    }
  }

  /** Addresses first: what fails most often fails before anything else is made. */
  private static List<NicBlock> inOrder(List<NicBlock> blocks) {
    return blocks.stream()
        .sorted(
            Comparator.comparing((NicBlock block) -> block.isPrefix())
                .thenComparing(block -> block.family() == IpFamily.IPV4 && block.isPrefix()))
        .toList();
  }

  /** Checks, before anything is made, that the subnetwork has a place for blocks. */
  private Subnetwork places(NicRequest request, List<NicBlock> blocks) {
    Subnetwork subnetwork = subnetworks.of(NicProperties.of(request));
    for (NicBlock block : blocks) {
      String where = "network " + block.network() + ": ";
      List<IpPrefix> ranges = subnetwork.rangesFor(block.family(), block.isPrefix());
      if (ranges.isEmpty()) {
        throw refusal(
            "%s%s has no %s; make it dual stack, or use another"
                .formatted(where, subnetwork, block.family().label()));
      }
      IpPrefix chosen = block.block();
      if (chosen != null && ranges.stream().noneMatch(range -> range.contains(chosen))) {
        throw refusal("%s%s is outside %s of %s".formatted(where, chosen, ranges, subnetwork));
      }
      if (chosen != null && subnetwork.isExternal(block.family()) && !isReserved(request, chosen)) {
        throw refusal(
            "%s%s: in %s, whose IPv6 addresses are external, Compute Engine picks; ask for the size"
                    .formatted(where, chosen, subnetwork)
                + " only");
      }
    }
    return subnetwork;
  }

  private boolean isReserved(NicRequest request, IpPrefix block) {
    return reservations.of(NicIdentity.of(request)).stream()
        .anyMatch(reservation -> reservation.block().equals(block));
  }

  /**
   * Compute Engine reserves an address even if an instance uses it already, for that instance. If
   * that isn't the NIC's own, what was reserved must be released; the instance keeps the address.
   */
  private static void refuseForeignInstances(List<Reservation> before, List<Reservation> now) {
    Set<InstanceReference> own = new HashSet<>();
    before.forEach(reservation -> reservation.instance().ifPresent(own::add));
    Set<String> had = new HashSet<>(before.stream().map(Reservation::name).toList());
    List<Reservation> foreign =
        now.stream()
            .filter(reservation -> !had.contains(reservation.name()))
            .filter(
                reservation -> reservation.instance().filter(one -> !own.contains(one)).isPresent())
            .toList();
    if (!foreign.isEmpty()) {
      throw new ProviderException(
          GcpNetworkProvider.NAME,
          Reason.CONFLICT,
          true,
          "%s is in use by %s; use another, or set adopt=true to take its NIC over"
              .formatted(foreign.get(0).block(), foreign.get(0).instance().orElseThrow()),
          null);
    }
  }

  // Taking over and giving back

  @Override
  public InfrastructureNic adopt(InfrastructureNic nic, NicRequest request) {
    IpPrefix address =
        nic.blocks().stream()
            .filter(block -> block.family() == IpFamily.IPV4 && block.isSingle())
            .findFirst()
            .orElseThrow(() -> refusal(nic.id() + " has no IPv4 address to know it by"));
    Subnetwork subnetwork = subnetworks.of(NicProperties.of(request));
    NicIdentity identity = NicIdentity.of(request);
    String name =
        reservations.reserve(
            new Wish(identity, request.incarnation(), address, IpFamily.IPV4, true), subnetwork);
    return described(reservations.awaitSeen(identity, List.of(name)), Optional.empty());
  }

  @Override
  public void disown(InfrastructureNic nic) {
    NicIdentity identity = nic.owned().orElseThrow();
    reservations.release(identity, reservations.of(identity));
  }

  @Override
  public void delete(InfrastructureNic nic) {
    NicIdentity identity = nic.owned().orElseThrow();
    List<Reservation> reserved = reservations.of(identity);
    if (reserved.isEmpty()) {
      return;
    }
    List<Reservation> own = own(reserved, instances.using(reserved));
    checkUnused(own);
    if (own.stream().anyMatch(reservation -> reservation.instance().isPresent())) {
      instances.fit(own, of(own.get(0)), own.stream().map(Reservation::block).toList());
    }
    reservations.release(identity, reserved);
  }

  /** An instance's own address is its for life. */
  private void checkUnused(List<Reservation> unwanted) {
    for (Reservation reservation : unwanted) {
      Optional<InstanceReference> instance = reservation.instance();
      if (reservation.block().isSingle()
          && instance.isPresent()
          && !instances.nics(instance.get()).isEmpty()) {
        throw new ProviderException(
            GcpNetworkProvider.NAME,
            Reason.REFUSED,
            true,
            "%s is the address of %s for as long as that exists; delete the instance first"
                .formatted(reservation.block(), instance.get()),
            null);
      }
    }
  }

  private Subnetwork of(Reservation reservation) {
    return subnetworks.at(reservation.subnetwork());
  }

  private static ProviderException refusal(String message) {
    return new ProviderException(GcpNetworkProvider.NAME, Reason.REFUSED, false, message, null);
  }

  @Override
  public void close() {
    // The client keeps nothing open: the JDK's own connections end by themselves.
  }
}
