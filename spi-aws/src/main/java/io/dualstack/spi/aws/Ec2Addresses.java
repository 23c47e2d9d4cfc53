package io.dualstack.spi.aws;

import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.AssignIpv6AddressesRequest;
import software.amazon.awssdk.services.ec2.model.AssignIpv6AddressesResponse;
import software.amazon.awssdk.services.ec2.model.AssignPrivateIpAddressesRequest;
import software.amazon.awssdk.services.ec2.model.AssignPrivateIpAddressesResponse;
import software.amazon.awssdk.services.ec2.model.UnassignIpv6AddressesRequest;
import software.amazon.awssdk.services.ec2.model.UnassignPrivateIpAddressesRequest;

/**
 * Puts addresses and prefixes on interfaces and takes them off. Each call carries one kind, since
 * EC2's documentation allows named ones and counts of one kind in one call, and says nothing of
 * addresses together with prefixes. None of these calls takes an idempotency token. Thread-safe.
 */
final class Ec2Addresses {
  private final Ec2Connection connection;
  private final Ec2Interfaces interfaces;

  Ec2Addresses(Ec2Connection connection, Ec2Interfaces interfaces) {
    this.connection = connection;
    this.interfaces = interfaces;
  }

  /** Puts named blocks on an interface. */
  void assign(Eni eni, List<IpPrefix> blocks, Patience patience) {
    for (IpFamily family : IpFamily.values()) {
      for (boolean prefixes : new boolean[] {false, true}) {
        List<IpPrefix> kind =
            blocks.stream()
                .filter(block -> block.family() == family && block.isSingle() != prefixes)
                .toList();
        if (!kind.isEmpty()) {
          assignKind(eni, kind, Eni.texts(kind, family, prefixes), patience);
        }
      }
    }
  }

  private void assignKind(Eni eni, List<IpPrefix> kind, List<String> texts, Patience patience) {
    IpFamily family = kind.get(0).family();
    boolean prefixes = !kind.get(0).isSingle();
    whileFreed(
        eni.subnet(),
        Optional.of(eni.id()),
        kind,
        patience,
        () ->
            family == IpFamily.IPV4
                ? assignIpv4(eni, request -> named(request, prefixes, texts), patience)
                : assignIpv6(eni, request -> named(request, prefixes, texts), patience));
  }

  private static void named(
      AssignPrivateIpAddressesRequest.Builder request, boolean prefixes, List<String> texts) {
    if (prefixes) {
      request.ipv4Prefixes(texts);
    } else {
      request.privateIpAddresses(texts);
    }
  }

  private static void named(
      AssignIpv6AddressesRequest.Builder request, boolean prefixes, List<String> texts) {
    if (prefixes) {
      request.ipv6Prefixes(texts);
    } else {
      request.ipv6Addresses(texts);
    }
  }

  /** Has EC2 pick blocks of a kind for an interface, and returns those of the last try. */
  List<IpPrefix> pick(Eni eni, IpFamily family, boolean prefixes, int count, Patience patience) {
    if (family == IpFamily.IPV4) {
      return assignIpv4(
          eni,
          request -> {
            if (prefixes) {
              request.ipv4PrefixCount(count);
            } else {
              request.secondaryPrivateIpAddressCount(count);
            }
          },
          patience);
    }
    return assignIpv6(
        eni,
        request -> {
          if (prefixes) {
            request.ipv6PrefixCount(count);
          } else {
            request.ipv6AddressCount(count);
          }
        },
        patience);
  }

  private List<IpPrefix> assignIpv4(
      Eni eni, Consumer<AssignPrivateIpAddressesRequest.Builder> what, Patience patience) {
    AssignPrivateIpAddressesResponse assigned =
        onceSeen(
            eni,
            patience,
            client ->
                client.assignPrivateIpAddresses(
                    request -> what.accept(request.networkInterfaceId(eni.id()))));
    return Stream.concat(
            assigned.assignedPrivateIpAddresses().stream()
                .map(address -> Eni.single(address.privateIpAddress())),
            assigned.assignedIpv4Prefixes().stream()
                .map(prefix -> IpPrefix.parse(prefix.ipv4Prefix())))
        .toList();
  }

  private List<IpPrefix> assignIpv6(
      Eni eni, Consumer<AssignIpv6AddressesRequest.Builder> what, Patience patience) {
    AssignIpv6AddressesResponse assigned =
        onceSeen(
            eni,
            patience,
            client ->
                client.assignIpv6Addresses(
                    request -> what.accept(request.networkInterfaceId(eni.id()))));
    return Stream.concat(
            assigned.assignedIpv6Addresses().stream().map(Eni::single),
            assigned.assignedIpv6Prefixes().stream().map(IpPrefix::parse))
        .toList();
  }

  /** Calls again while EC2 knows the interface in one place and not yet in another. */
  private <T> T onceSeen(Eni eni, Patience patience, Function<Ec2Client, T> call) {
    while (true) {
      try {
        return connection.call(call);
      } catch (ProviderException failure) {
        if (!AwsFailures.is(failure, AwsFailures.INTERFACE_NOT_FOUND)
            || interfaces.find(eni.id()).isEmpty()
            || patience.isOver()) {
          throw failure;
        }
        patience.sleep(eni.id() + " can't be changed yet");
      }
    }
  }

  /**
   * Calls again while blocks are in use that no interface has: those of an interface that was just
   * deleted.
   *
   * @param own the interface that is to have them, and may have them by a try whose answer was lost
   * @return what the call returned; empty if the interface has the blocks already
   */
  <T> Optional<T> whileFreed(
      String subnet,
      Optional<String> own,
      List<IpPrefix> blocks,
      Patience patience,
      Supplier<T> call) {
    while (true) {
      try {
        return Optional.of(call.get());
      } catch (ProviderException failure) {
        boolean inUse = failure.reason() == Reason.CONFLICT;
        if (!inUse && !AwsFailures.is(failure, AwsFailures.INVALID_VALUE)) {
          throw failure;
        }
        if (own.flatMap(interfaces::find)
            .filter(eni -> eni.everything().containsAll(blocks))
            .isPresent()) {
          return Optional.empty();
        }
        if (isHeld(subnet, own, blocks)) {
          throw inUse ? failure : conflict(failure);
        }
        if (!inUse || patience.isOver()) {
          throw failure;
        }
        patience.sleep("addresses are in use by no interface");
      }
    }
  }

  private boolean isHeld(String subnet, Optional<String> own, List<IpPrefix> blocks) {
    return interfaces.list(List.of(NicTags.filter("subnet-id", subnet))).stream()
        .filter(eni -> own.filter(eni.id()::equals).isEmpty())
        .anyMatch(
            eni ->
                eni.everything().stream().anyMatch(has -> blocks.stream().anyMatch(has::overlaps)));
  }

  private static ProviderException conflict(ProviderException refused) {
    String start = AwsNetworkProvider.NAME + ": ";
    String message = String.valueOf(refused.getMessage());
    return new ProviderException(
        AwsNetworkProvider.NAME,
        Reason.CONFLICT,
        true,
        message.startsWith(start) ? message.substring(start.length()) : message,
        refused.getCause());
  }

  /** Takes blocks off an interface; those that it hasn't are no error. */
  void unassign(String id, List<IpPrefix> blocks) {
    for (IpFamily family : IpFamily.values()) {
      for (boolean prefixes : new boolean[] {false, true}) {
        List<String> texts = Eni.texts(blocks, family, prefixes);
        if (!texts.isEmpty()) {
          unassign(id, blocks, family, prefixes, texts);
        }
      }
    }
  }

  private void unassign(
      String id, List<IpPrefix> blocks, IpFamily family, boolean prefixes, List<String> texts) {
    try {
      connection.call(
          client ->
              family == IpFamily.IPV4
                  ? client.unassignPrivateIpAddresses(
                      request -> named(request.networkInterfaceId(id), prefixes, texts))
                  : client.unassignIpv6Addresses(
                      request -> named(request.networkInterfaceId(id), prefixes, texts)));
    } catch (ProviderException failure) {
      boolean isOff =
          interfaces
              .find(id)
              .filter(
                  eni ->
                      eni.everything().stream()
                          .noneMatch(block -> block.family() == family && blocks.contains(block)))
              .isPresent();
      if (!AwsFailures.is(failure, AwsFailures.INVALID_VALUE) || !isOff) {
        throw failure;
      }
    }
  }

  private static void named(
      UnassignPrivateIpAddressesRequest.Builder request, boolean prefixes, List<String> texts) {
    if (prefixes) {
      request.ipv4Prefixes(texts);
    } else {
      request.privateIpAddresses(texts);
    }
  }

  private static void named(
      UnassignIpv6AddressesRequest.Builder request, boolean prefixes, List<String> texts) {
    if (prefixes) {
      request.ipv6Prefixes(texts);
    } else {
      request.ipv6Addresses(texts);
    }
  }
}
