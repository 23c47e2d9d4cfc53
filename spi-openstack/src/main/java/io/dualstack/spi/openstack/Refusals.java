package io.dualstack.spi.openstack;

import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.spi.openstack.access.ApiFailure;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** What Neutron's and Keystone's errors mean to whoever asked, and what to do. */
final class Refusals {
  private static final Set<String> IN_USE =
      Set.of("IpAddressInUse", "IpAddressAlreadyAllocated", "MacAddressInUse");

  /** Nothing left, which others may change by giving something back. */
  private static final Map<String, String> EXHAUSTED =
      Map.of(
          "IpAddressGenerationFailure", "the subnet has no free address; free some or extend it",
          "OverQuota", "ask for a higher quota, or free some",
          "SubnetPoolQuotaExceeded", "ask for a higher quota of the subnet pool, or free some",
          "SubnetAllocationError", "add prefixes to the subnet pool, or free some");

  /** Limits of one thing, which only the cloud's operator changes. */
  private static final Map<String, String> LIMITS =
      Map.of(
          "AllowedAddressPairExhausted",
          "use fewer prefixes on one NIC, or have max_allowed_address_pair raised",
          "RoutesExhausted",
          "use another router, or have max_routes raised");

  private static final Map<String, String> REMEDIES =
      Map.ofEntries(
          Map.entry("InvalidIpForSubnet", "use an address of the subnet"),
          Map.entry("InvalidIpForNetwork", "use an address of one of the network's subnets"),
          Map.entry(
              "AllocationOnAutoAddressSubnet",
              "use a dhcpv6-stateful subnet, where addresses can be chosen"),
          Map.entry(
              "AddressPairAndPortSecurityRequired",
              "turn on port security on the network, which prefixes need"),
          Map.entry("SecurityGroupNotFound", "name a security group of the project"),
          Map.entry("NetworkNotFound", "name a network that the project can use"),
          Map.entry("InvalidRoutes", "connect the router to the subnet of the machine's address"),
          Map.entry("LoginRefused", "check the credentials"));

  private Refusals() {}

  /** Does something and says in the API's words why it failed. */
  static <T> T mapped(Supplier<T> what) {
    try {
      return what.get();
    } catch (ApiFailure failure) {
      throw of(failure);
    }
  }

  static boolean isInUse(ApiFailure failure) {
    return IN_USE.contains(failure.type());
  }

  static boolean isStale(ApiFailure failure) {
    return failure.status() == 412;
  }

  static ProviderException of(ApiFailure failure) {
    String type = failure.type();
    int status = failure.status();
    if (IN_USE.contains(type)) {
      return refusal(failure, Reason.CONFLICT, true, "use another, or free it");
    }
    if (EXHAUSTED.containsKey(type)) {
      return refusal(failure, Reason.EXHAUSTED, true, EXHAUSTED.get(type));
    }
    if (LIMITS.containsKey(type)) {
      return refusal(failure, Reason.EXHAUSTED, false, LIMITS.get(type));
    }
    String remedy = REMEDIES.getOrDefault(type, "");
    if (type.equals("EndpointUnknown")) {
      return refusal(failure, Reason.NOT_CONFIGURED, false, "");
    }
    if (status == 0 || status >= 500 || status == 413 || status == 429 || status == 412) {
      return refusal(failure, Reason.UNAVAILABLE, true, remedy);
    }
    if (status == 403) {
      return refusal(failure, Reason.REFUSED, false, "grant the user the right to do it");
    }
    return refusal(failure, Reason.REFUSED, status == 409, remedy);
  }

  private static ProviderException refusal(
      ApiFailure failure, Reason reason, boolean retryable, String remedy) {
    String type = failure.type().isEmpty() ? "" : " [" + failure.type() + "]";
    return new ProviderException(
        OpenStackNetworkProvider.NAME,
        reason,
        retryable,
        failure.getMessage() + type + (remedy.isEmpty() ? "" : "; " + remedy),
        failure);
  }
}
