package io.dualstack.spi.aws;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;

/** The security groups of VPCs, which users may call by name. Thread-safe. */
final class Ec2SecurityGroups {
  private static final String ID = "sg-";
  private static final int PAGE = 1000;

  private final Ec2Connection connection;
  private final Map<String, Map<String, String>> known = new ConcurrentHashMap<>();

  Ec2SecurityGroups(Ec2Connection connection) {
    this.connection = connection;
  }

  /**
   * Returns the identifiers of groups.
   *
   * @param vpcOf finds the VPC, if it must be known
   * @param groups identifiers or names
   * @throws io.dualstack.ProviderException if the VPC has no group of a name
   */
  List<String> ids(Supplier<String> vpcOf, List<String> groups) {
    if (groups.stream().allMatch(group -> group.startsWith(ID))) {
      return groups.stream().distinct().toList();
    }
    String vpc = vpcOf.get();
    List<String> unknown =
        groups.stream()
            .filter(group -> !group.startsWith(ID) && !known(vpc).containsKey(group))
            .toList();
    if (!unknown.isEmpty()) {
      known(vpc).putAll(find(vpc, unknown));
    }
    List<String> ids = new ArrayList<>();
    for (String group : groups) {
      String id = group.startsWith(ID) ? group : known(vpc).get(group);
      if (id == null) {
        throw AwsFailures.refused(missing(vpc, group));
      }
      if (!ids.contains(id)) {
        ids.add(id);
      }
    }
    return ids;
  }

  static String missing(String vpc, String group) {
    return "%s has no security group %s; use one of its own, by identifier or name"
        .formatted(vpc, group);
  }

  private Map<String, String> known(String vpc) {
    return known.computeIfAbsent(vpc, key -> new ConcurrentHashMap<>());
  }

  /** Returns the identifiers of those of the groups that a VPC has, by how they were asked for. */
  Map<String, String> find(String vpc, Collection<String> groups) {
    Map<String, String> found = new HashMap<>();
    for (boolean byId : new boolean[] {true, false}) {
      List<String> asked =
          groups.stream().filter(group -> group.startsWith(ID) == byId).distinct().toList();
      for (int from = 0; from < asked.size(); from += Ec2Subnets.FILTER_VALUES) {
        int to = Math.min(asked.size(), from + Ec2Subnets.FILTER_VALUES);
        for (SecurityGroup group : list(vpc, byId, asked.subList(from, to))) {
          found.put(byId ? group.groupId() : group.groupName(), group.groupId());
        }
      }
    }
    return found;
  }

  private List<SecurityGroup> list(String vpc, boolean byId, List<String> groups) {
    List<String> literal =
        groups.stream().map(group -> NicTags.filter("", group).values().get(0)).toList();
    List<Filter> filters =
        List.of(
            Filter.builder().name("vpc-id").values(vpc).build(),
            Filter.builder().name(byId ? "group-id" : "group-name").values(literal).build());
    return connection.call(
        client ->
            client
                .describeSecurityGroupsPaginator(
                    request -> request.filters(filters).maxResults(PAGE))
                .securityGroups()
                .stream()
                .toList());
  }
}
