package io.dualstack.spi.aws;

import io.dualstack.ProviderException;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.Filter;

/** Looks at network interfaces, and waits for what EC2 shows late. Thread-safe. */
final class Ec2Interfaces {
  private static final int PAGE = 1000;

  private final Ec2Connection connection;

  Ec2Interfaces(Ec2Connection connection) {
    this.connection = connection;
  }

  /** Returns the interfaces that match all filters. */
  List<Eni> list(List<Filter> filters) {
    return connection.call(
        client ->
            client
                .describeNetworkInterfacesPaginator(
                    request -> request.filters(filters).maxResults(PAGE))
                .networkInterfaces()
                .stream()
                .map(Eni::new)
                .toList());
  }

  /** Returns an interface; empty if there is none, or none yet. */
  Optional<Eni> find(String id) {
    try {
      return connection.call(
          client ->
              client
                  .describeNetworkInterfaces(request -> request.networkInterfaceIds(id))
                  .networkInterfaces()
                  .stream()
                  .findFirst()
                  .map(Eni::new));
    } catch (ProviderException missing) {
      if (AwsFailures.is(missing, AwsFailures.INTERFACE_NOT_FOUND)) {
        return Optional.empty();
      }
      throw missing;
    }
  }

  /** Waits until an interface is there and as it should be. */
  Eni await(String id, Predicate<Eni> asItShould, String what, Patience patience) {
    while (true) {
      Optional<Eni> now = find(id);
      if (now.filter(asItShould).isPresent()) {
        return now.get();
      }
      String state = now.map(eni -> eni.described().statusAsString()).orElse("not there yet");
      patience.sleep("%s is %s, %s,".formatted(id, state, what));
    }
  }

  /** Waits until an interface can be changed, and has some blocks and not others. */
  Eni await(
      String id, Collection<IpPrefix> present, Collection<IpPrefix> absent, Patience patience) {
    return await(
        id,
        eni -> {
          List<IpPrefix> has = eni.everything();
          return eni.isReady()
              && has.containsAll(present)
              && absent.stream().noneMatch(has::contains);
        },
        "and not as it was changed",
        patience);
  }

  void awaitGone(String id, Patience patience) {
    while (find(id).isPresent()) {
      patience.sleep(id + " is deleted and still there");
    }
  }

  /** Returns the interface in a subnet that has a block or a part of one. */
  Optional<Eni> holder(String subnet, IpPrefix block, Predicate<Eni> matters) {
    return list(List.of(NicTags.filter("subnet-id", subnet))).stream()
        .filter(matters)
        .filter(eni -> eni.everything().stream().anyMatch(block::overlaps))
        .findFirst();
  }

  /** Returns what interfaces use in a subnet. */
  IpSet used(String subnet) {
    return blocks(list(List.of(NicTags.filter("subnet-id", subnet))).stream());
  }

  /** Returns how many interfaces of anybody there are in zones; zones without any are left out. */
  Map<String, Long> numberIn(Collection<String> zones) {
    Filter inside = Filter.builder().name("availability-zone").values(zones).build();
    return list(List.of(inside)).stream()
        .flatMap(eni -> Stream.ofNullable(eni.described().availabilityZone()))
        .collect(Collectors.groupingBy(zone -> zone, Collectors.counting()));
  }

  static IpSet blocks(Stream<Eni> interfaces) {
    return IpSet.ofPrefixes(interfaces.flatMap(eni -> eni.everything().stream()).toList());
  }
}
