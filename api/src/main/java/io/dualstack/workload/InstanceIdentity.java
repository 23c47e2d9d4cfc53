package io.dualstack.workload;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Who a certificate says that somebody is.
 *
 * @param guid the container's guid, the common name; empty for nobody
 * @param organizationalUnits such as {@code app:GUID}, in order
 * @param dnsNames subject alternative names, in order
 * @param addresses subject alternative names, in order: the container's address of each family
 */
public record InstanceIdentity(
    String guid,
    List<String> organizationalUnits,
    List<String> dnsNames,
    List<IpAddress> addresses) {

  private static final List<String> NO_NAME = List.of("");

  /**
   * Copies the lists and checks the addresses.
   *
   * @param guid the container's guid
   * @param organizationalUnits such as {@code app:GUID}
   * @param dnsNames subject alternative names
   * @param addresses subject alternative names
   * @throws IllegalArgumentException if there is no guid but something else to say of somebody, or
   *     an address is an IPv4-mapped one, which a verifier takes for another
   */
  public InstanceIdentity {
    requireNonNull(guid, "guid");
    organizationalUnits = List.copyOf(organizationalUnits);
    dnsNames = List.copyOf(dnsNames);
    addresses = List.copyOf(addresses);
    addresses.forEach(IpAddress::requireNative);
    boolean saysNothing =
        organizationalUnits.isEmpty() && dnsNames.equals(NO_NAME) && addresses.isEmpty();
    if (guid.isBlank() && !(guid.isEmpty() && saysNothing)) {
      throw new IllegalArgumentException(
          "guid: \"" + guid + "\" names nobody; give the container's guid");
    }
  }

  /**
   * Returns the identity of an instance: its guid, and its addresses. Without a container's IPv4
   * address the cell's stands in for it; an IPv6 address is added to either.
   *
   * @param guid the container's guid
   * @param organizationalUnits such as {@code app:GUID}, in order
   * @param instance where the instance is
   * @return the identity
   */
  public static InstanceIdentity of(
      String guid, List<String> organizationalUnits, NetInfo instance) {
    List<IpAddress> addresses = new ArrayList<>(2);
    IpAddress own = instance.instanceAddress();
    IpAddress cell = instance.address();
    if (own != null) {
      addresses.add(own);
    } else if (cell != null) {
      addresses.add(cell);
    }
    instance.ipv6().filter(address -> !addresses.contains(address)).ifPresent(addresses::add);
    return new InstanceIdentity(guid, organizationalUnits, List.of(guid), addresses);
  }

  /**
   * Returns the identity by which other containers know an instance: its guid and its internal
   * routes, without an address.
   *
   * @param guid the container's guid
   * @param organizationalUnits such as {@code app:GUID}, in order
   * @param internalRoutes the names of its internal routes
   * @return the identity
   */
  public static InstanceIdentity ofRoutes(
      String guid, List<String> organizationalUnits, List<String> internalRoutes) {
    List<String> names = new ArrayList<>();
    names.add(guid);
    names.addAll(internalRoutes);
    return new InstanceIdentity(guid, organizationalUnits, names, List.of());
  }

  /**
   * Returns the identity of an instance that stops: routers no longer find the name they ask for.
   *
   * @return nobody's identity
   */
  public static InstanceIdentity nobody() {
    return new InstanceIdentity("", List.of(), NO_NAME, List.of());
  }
}
