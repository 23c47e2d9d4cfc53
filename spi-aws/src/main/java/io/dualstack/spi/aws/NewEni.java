package io.dualstack.spi.aws;

import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.NicBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.model.CreateNetworkInterfaceRequest;
import software.amazon.awssdk.services.ec2.model.InstanceIpv6Address;
import software.amazon.awssdk.services.ec2.model.Ipv4PrefixSpecificationRequest;
import software.amazon.awssdk.services.ec2.model.Ipv6PrefixSpecificationRequest;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;

/**
 * An interface to be made. By EC2's documentation one call can't carry addresses and prefixes of
 * one family: addresses have precedence, since the primary IPv4 address can't be given later, and
 * prefixes are in the call if there are no addresses of their family.
 *
 * @param description for people; empty for none
 * @param blocks all it is to have; the first single IPv4 address becomes the primary one
 */
record NewEni(
    String subnet, List<String> groups, List<Tag> tags, String description, List<NicBlock> blocks) {

  /** Whether an IPv4 address is asked for, named or open. */
  static boolean asksForIpv4Address(List<NicBlock> blocks) {
    return blocks.stream().anyMatch(block -> block.family() == IpFamily.IPV4 && !block.isPrefix());
  }

  private List<IpPrefix> named(IpFamily family, boolean prefixes) {
    return blocks.stream()
        .filter(block -> block.family() == family && block.isPrefix() == prefixes)
        .flatMap(block -> block.chosenBlock().stream())
        .toList();
  }

  Optional<IpPrefix> primary() {
    return named(IpFamily.IPV4, false).stream().findFirst();
  }

  /** Returns the blocks that the call carries. */
  List<IpPrefix> carried() {
    List<IpPrefix> carried = new ArrayList<>(named(IpFamily.IPV6, false));
    primary().ifPresent(carried::add);
    if (primary().isEmpty()) {
      carried.addAll(named(IpFamily.IPV4, true));
    }
    if (named(IpFamily.IPV6, false).isEmpty()) {
      carried.addAll(named(IpFamily.IPV6, true));
    }
    return carried;
  }

  CreateNetworkInterfaceRequest request(String token) {
    CreateNetworkInterfaceRequest.Builder request =
        CreateNetworkInterfaceRequest.builder()
            .clientToken(token)
            .subnetId(subnet)
            .groups(groups)
            .tagSpecifications(
                specification ->
                    specification.resourceType(ResourceType.NETWORK_INTERFACE).tags(tags));
    if (!description.isEmpty()) {
      request.description(description);
    }
    List<IpPrefix> carried = carried();
    primary().ifPresent(address -> request.privateIpAddress(Eni.text(address)));
    List<String> prefixes = Eni.texts(carried, IpFamily.IPV4, true);
    if (!prefixes.isEmpty()) {
      request.ipv4Prefixes(
          prefixes.stream()
              .map(prefix -> Ipv4PrefixSpecificationRequest.builder().ipv4Prefix(prefix).build())
              .toList());
    }
    List<String> addresses = Eni.texts(carried, IpFamily.IPV6, false);
    if (!addresses.isEmpty()) {
      request.ipv6Addresses(
          addresses.stream()
              .map(address -> InstanceIpv6Address.builder().ipv6Address(address).build())
              .toList());
    }
    List<String> delegated = Eni.texts(carried, IpFamily.IPV6, true);
    if (!delegated.isEmpty()) {
      request.ipv6Prefixes(
          delegated.stream()
              .map(prefix -> Ipv6PrefixSpecificationRequest.builder().ipv6Prefix(prefix).build())
              .toList());
    }
    return request.build();
  }
}
