package io.dualstack.spi.aws;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.SubnetCidrBlockStateCode;

/** The subnets of the region. Thread-safe. */
final class Ec2Subnets {
  /** EC2 keeps so many addresses at the start of each range, and one at its end. */
  private static final int KEPT_AT_START = 4;

  /** How many values one filter may have. */
  static final int FILTER_VALUES = 200;

  private static final int PAGE = 1000;

  private final Ec2Connection connection;
  private final Map<String, String> vpcs = new ConcurrentHashMap<>();

  Ec2Subnets(Ec2Connection connection) {
    this.connection = connection;
  }

  List<Subnet> all() {
    return list(List.of());
  }

  /** Finds subnets; those that don't exist are missing in the answer. */
  Map<String, Subnet> find(Collection<String> ids) {
    Map<String, Subnet> found = new HashMap<>();
    List<String> asked = ids.stream().distinct().sorted().toList();
    for (int from = 0; from < asked.size(); from += FILTER_VALUES) {
      List<String> some = asked.subList(from, Math.min(asked.size(), from + FILTER_VALUES));
      list(List.of(Filter.builder().name("subnet-id").values(some).build()))
          .forEach(subnet -> found.put(subnet.subnetId(), subnet));
    }
    return found;
  }

  /**
   * Returns a subnet.
   *
   * @throws io.dualstack.ProviderException if there is none
   */
  Subnet get(String id) {
    Subnet subnet = find(List.of(id)).get(id);
    if (subnet == null) {
      throw AwsFailures.refused(
          "subnet %s does not exist in this region and account; use one that does".formatted(id));
    }
    return subnet;
  }

  /** Returns the VPC of a subnet, which is looked up once. */
  String vpc(String id) {
    return vpcs.computeIfAbsent(id, key -> get(key).vpcId());
  }

  private List<Subnet> list(List<Filter> filters) {
    return connection.call(
        client ->
            client
                .describeSubnetsPaginator(request -> request.filters(filters).maxResults(PAGE))
                .subnets()
                .stream()
                .toList());
  }

  /** Returns the ranges of a subnet, of either family. */
  static List<IpPrefix> ranges(Subnet subnet) {
    List<IpPrefix> ranges = new ArrayList<>();
    if (subnet.cidrBlock() != null) {
      ranges.add(IpPrefix.parse(subnet.cidrBlock()));
    }
    subnet.ipv6CidrBlockAssociationSet().stream()
        .filter(
            association ->
                association.ipv6CidrBlockState() != null
                    && association.ipv6CidrBlockState().state()
                        == SubnetCidrBlockStateCode.ASSOCIATED)
        .map(association -> IpPrefix.parse(association.ipv6CidrBlock()))
        .forEach(ranges::add);
    return ranges;
  }

  /**
   * Returns the addresses that EC2 keeps for itself: the first four and the last of each range (<a
   * href="https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html">subnet CIDR
   * blocks</a>).
   */
  static IpSet kept(Subnet subnet) {
    List<IpRange> kept = new ArrayList<>();
    for (IpPrefix range : ranges(subnet)) {
      IpAddress first = range.first();
      kept.add(IpRange.of(first, first.plus(KEPT_AT_START - 1L)));
      kept.add(IpRange.single(range.last()));
    }
    return IpSet.of(kept);
  }

  /** Returns the addresses of a family in a subnet that EC2 doesn't keep for itself. */
  static IpSet usable(Subnet subnet, IpFamily family) {
    return IpSet.ofPrefixes(
            ranges(subnet).stream().filter(range -> range.family() == family).toList())
        .subtract(kept(subnet));
  }
}
