package io.dualstack.spi.gcp;

import com.google.api.services.compute.Compute;
import com.google.api.services.compute.model.Address;
import com.google.api.services.compute.model.AddressList;
import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.support.NicIdentity;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Lists, makes and releases address resources. Thread-safe. */
final class Reservations {
  private static final long PAGE = 500;

  /**
   * What is to be reserved.
   *
   * @param identity for whose NIC
   * @param incarnation which life of the machine
   * @param block what; null if the service is to choose
   * @param family the family
   * @param isAdoption whether an instance has it already, whose NIC is taken over
   */
  record Wish(
      NicIdentity identity,
      String incarnation,
      @Nullable IpPrefix block,
      IpFamily family,
      boolean isAdoption) {

    Wish(NicIdentity identity, String incarnation, @Nullable IpPrefix block, IpFamily family) {
      this(identity, incarnation, block, family, false);
    }
  }

  private final ComputeConnection connection;
  private final String foundation;

  Reservations(ComputeConnection connection, String foundation) {
    this.connection = connection;
    this.foundation = foundation;
  }

  /** All of this foundation. */
  List<Reservation> all() {
    return list(Reservation.foundationPrefix(foundation));
  }

  /**
   * All of one NIC, also what a run that was cut off reserved although an instance of somebody else
   * has it.
   */
  List<Reservation> of(NicIdentity identity) {
    return list(Reservation.nicId(foundation, identity) + "-").stream()
        .filter(reservation -> reservation.identity().equals(identity))
        .toList();
  }

  String nicId(NicIdentity identity) {
    return Reservation.nicId(foundation, identity);
  }

  private List<Reservation> list(String namePrefix) {
    return addresses("name eq \"" + namePrefix + ".*\"").stream()
        .flatMap(address -> Reservation.of(address, foundation).stream())
        .toList();
  }

  /** Reads an address resource as one of this foundation. */
  Optional<Reservation> read(Address address) {
    return Reservation.of(address, foundation);
  }

  /** All address resources of the region, whoever made them. */
  List<Address> addresses(@Nullable String filter) {
    return connection.all(
        "listing addresses",
        token ->
            () -> {
              Compute.Addresses.List list =
                  connection.compute().addresses().list(connection.project(), connection.region());
              return list.setFilter(filter).setMaxResults(PAGE).setPageToken(token);
            },
        AddressList::getItems,
        AddressList::getNextPageToken);
  }

  /**
   * Reserves a block. One that is reserved for this NIC already is left as it is.
   *
   * @return the name of the resource
   * @throws ProviderException with {@link Reason#CONFLICT} if it is in use, {@link
   *     Reason#EXHAUSTED} if there is nothing left to choose, or another reason
   */
  String reserve(Wish wish, Subnetwork subnetwork) {
    String nicId = nicId(wish.identity());
    IpPrefix block = wish.block();
    // What the service chooses has no name to go by. If the answer is lost for good, what it chose
    // carries the identity all the same, and is found.
    String name =
        block == null
            ? nicId + "-" + UUID.randomUUID().toString().replace("-", "").substring(0, 16)
            : Reservation.name(nicId, block);
    Address address = new Address();
    address
        .setName(name)
        .setDescription(Reservation.description(foundation, wish))
        .setAddressType(subnetwork.isExternal(wish.family()) ? "EXTERNAL" : "INTERNAL")
        .setSubnetwork(subnetwork.url());
    if (block != null) {
      address.setAddress(block.first().toString());
    }
    if (wish.family() == IpFamily.IPV6) {
      address
          .setIpVersion("IPV6")
          .setIpv6EndpointType("VM")
          .setPrefixLength(Reservation.IPV6_LENGTH);
    }
    if (!subnetwork.isExternal(wish.family())) {
      address.setPurpose("GCE_ENDPOINT");
    }
    String what =
        "reserving %s in %s"
            .formatted(
                block == null
                    ? wish.family() == IpFamily.IPV6 ? "a /96" : "an address"
                    : block.isSingle() ? block.first() : block,
                subnetwork);
    String code =
        connection.change(
            what,
            Set.of(ComputeFailure.ALREADY_EXISTS),
            () ->
                connection
                    .compute()
                    .addresses()
                    .insert(connection.project(), connection.region(), address));
    if (!code.isEmpty() && !isOurs(name, wish)) {
      throw new ProviderException(
          GcpNetworkProvider.NAME,
          Reason.CONFLICT,
          true,
          what + ": there is an address resource \"%s\" of somebody else".formatted(name),
          null);
    }
    return name;
  }

  private boolean isOurs(String name, Wish wish) {
    return find(name)
        .filter(
            made ->
                made.identity().equals(wish.identity())
                    && made.incarnation().equals(wish.incarnation()))
        .isPresent();
  }

  private Optional<Reservation> find(String name) {
    return connection
        .find(
            "reading address " + name,
            () ->
                connection
                    .compute()
                    .addresses()
                    .get(connection.project(), connection.region(), name))
        .flatMap(this::read);
  }

  /** Waits until a reservation has its address. */
  Reservation awaitMade(String name) {
    return connection.await(
        "reserving " + name, () -> find(name).filter(reservation -> !reservation.isReserving()));
  }

  /** Waits until a NIC's reservations are seen by everybody, and returns all of them. */
  List<Reservation> awaitSeen(NicIdentity identity, Collection<String> names) {
    return connection.await(
        "reserving addresses",
        () -> {
          List<Reservation> seen = of(identity);
          Set<String> missing = new HashSet<>(names);
          seen.stream()
              .filter(reservation -> !reservation.isReserving())
              .forEach(reservation -> missing.remove(reservation.name()));
          return missing.isEmpty() ? Optional.of(seen) : Optional.empty();
        });
  }

  /**
   * Releases reservations and waits until nobody sees them any more. What an instance uses stays
   * its own, no longer reserved.
   */
  void release(NicIdentity identity, Collection<Reservation> reservations) {
    Set<String> names = new HashSet<>();
    for (Reservation reservation : reservations) {
      String name = reservation.name();
      connection.change(
          "releasing " + reservation.block(),
          Set.of(ComputeFailure.NOT_FOUND),
          () ->
              connection
                  .compute()
                  .addresses()
                  .delete(connection.project(), connection.region(), name));
      names.add(name);
    }
    if (!names.isEmpty()) {
      connection.await(
          "releasing addresses",
          () ->
              of(identity).stream().map(Reservation::name).noneMatch(names::contains)
                  ? Optional.of(names)
                  : Optional.empty());
    }
  }
}
