package io.dualstack.spi.aws;

import io.dualstack.Diagnostic;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderContext;
import io.dualstack.provider.ProviderPool;
import io.dualstack.provider.support.InfrastructureNic;
import io.dualstack.provider.support.NicIdentity;
import io.dualstack.provider.support.NicOperations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.Subnet;

/** The primitive operations of EC2: a NIC is an elastic network interface. Thread-safe. */
final class EniOperations implements NicOperations {
  /** The most addresses and prefixes of one family that any instance type allows an interface. */
  static final int SLOTS = 50;

  private final AwsSettings settings;
  private final Ec2Connection connection;
  private final Ec2Subnets subnets;
  private final Ec2SecurityGroups groups;
  private final Ec2Interfaces interfaces;
  private final NicTags tags;
  private final EniLife life;

  EniOperations(AwsSettings settings, ProviderContext context) {
    this.settings = settings;
    connection = new Ec2Connection(settings);
    subnets = new Ec2Subnets(connection);
    groups = new Ec2SecurityGroups(connection);
    interfaces = new Ec2Interfaces(connection);
    tags = new NicTags(settings.foundation());
    Ec2Addresses addresses = new Ec2Addresses(connection, interfaces);
    BlockPicker picker = new BlockPicker(context::networks, subnets, interfaces, addresses);
    life = new EniLife(connection, interfaces, addresses, picker, tags);
  }

  @Override
  public List<ProviderPool> pools() {
    Map<String, List<Eni>> bySubnet =
        interfaces.list(List.of()).stream()
            .filter(eni -> eni.subnet() != null)
            .collect(Collectors.groupingBy(Eni::subnet));
    List<ProviderPool> pools = new ArrayList<>();
    for (Subnet subnet : subnets.all()) {
      List<Eni> inside = bySubnet.getOrDefault(subnet.subnetId(), List.of());
      pools.add(
          new ProviderPool(
              subnet.subnetId(),
              subnet.availabilityZone() == null ? "" : subnet.availabilityZone(),
              Ec2Subnets.ranges(subnet),
              Ec2Interfaces.blocks(inside.stream()).union(Ec2Subnets.kept(subnet))));
    }
    return pools;
  }

  @Override
  public List<Diagnostic> verify(NetworkSet networks) {
    return new NetworkVerification(
            subnets, groups, settings.securityGroups(), interfaces, new InterfaceQuota(settings))
        .verify(networks);
  }

  @Override
  public void check(NicRequest request) {
    NicProperties.of(request, settings.securityGroups());
    tags.refuse(request)
        .ifPresent(
            reason -> {
              throw AwsFailures.refused(reason);
            });
    for (IpFamily family : IpFamily.values()) {
      long slots = request.blocks().stream().filter(block -> block.family() == family).count();
      if (family == IpFamily.IPV4 && !NewEni.asksForIpv4Address(request.blocks())) {
        // EC2 adds an address of its own choice.
        slots++;
      }
      if (slots > SLOTS) {
        throw AwsFailures.refused(
            "%d %s addresses and prefixes on one NIC, where EC2 has at most %d; use more NICs"
                .formatted(slots, family.label(), SLOTS));
      }
    }
  }

  @Override
  public List<InfrastructureNic> all() {
    return interfaces.list(List.of(tags.ours())).stream().map(eni -> eni.asNic(tags)).toList();
  }

  @Override
  public Optional<InfrastructureNic> find(NicIdentity identity) {
    return interfaces.list(tags.of(identity)).stream()
        .map(eni -> eni.asNic(tags))
        .filter(nic -> nic.owned().filter(identity::equals).isPresent())
        .findFirst();
  }

  @Override
  public Optional<InfrastructureNic> holder(NicRequest request, IpPrefix block) {
    return request.cloudProperties().values().stream()
        .flatMap(properties -> NicProperties.subnetOf(properties).stream())
        .findFirst()
        .flatMap(subnet -> interfaces.holder(subnet, block, eni -> true))
        .map(eni -> eni.asNic(tags));
  }

  @Override
  public InfrastructureNic create(NicRequest request, String token) {
    NicProperties properties = NicProperties.of(request, settings.securityGroups());
    NewEni wanted =
        new NewEni(
            properties.subnet(),
            groups.ids(() -> subnets.vpc(properties.subnet()), properties.securityGroups()),
            tags.of(
                NicIdentity.of(request),
                request.incarnation(),
                NewEni.asksForIpv4Address(request.blocks())),
            "",
            request.blocks());
    return life.make(NicIdentity.of(request), wanted, token, connection.patience()).asNic(tags);
  }

  @Override
  public InfrastructureNic change(
      InfrastructureNic nic, NicRequest request, List<IpPrefix> gone, List<NicBlock> more) {
    Eni now = present(nic);
    return life.change(NicIdentity.of(request), now, gone, more, connection.patience()).asNic(tags);
  }

  private Eni present(InfrastructureNic nic) {
    return interfaces
        .find(nic.id())
        .orElseThrow(
            () ->
                AwsFailures.unavailable(
                    nic.id() + " was removed by somebody else; ask again to make another"));
  }

  @Override
  public InfrastructureNic adopt(InfrastructureNic nic, NicRequest request) {
    NicIdentity identity = NicIdentity.of(request);
    connection.call(
        client ->
            client.createTags(
                create ->
                    create
                        .resources(nic.id())
                        .tags(tags.of(identity, request.incarnation(), true))));
    return interfaces
        .await(
            nic.id(),
            eni -> eni.asNic(tags).owned().filter(identity::equals).isPresent(),
            "without its new tags",
            connection.patience())
        .asNic(tags);
  }

  @Override
  public void disown(InfrastructureNic nic) {
    connection.call(
        client -> client.deleteTags(delete -> delete.resources(nic.id()).tags(NicTags.names())));
    interfaces.await(
        nic.id(),
        eni -> eni.asNic(tags).owned().isEmpty(),
        "with its old tags",
        connection.patience());
  }

  @Override
  public void delete(InfrastructureNic nic) {
    life.remove(nic.id(), connection.patience());
  }

  @Override
  public void close() {
    connection.close();
  }
}
