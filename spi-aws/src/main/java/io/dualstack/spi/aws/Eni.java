package io.dualstack.spi.aws;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import io.dualstack.provider.support.InfrastructureNic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.model.AttachmentStatus;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceAttachment;
import software.amazon.awssdk.services.ec2.model.NetworkInterfacePrivateIpAddress;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceStatus;

/** An elastic network interface as EC2 describes it. */
record Eni(NetworkInterface described) {

  String id() {
    return described.networkInterfaceId();
  }

  String subnet() {
    return described.subnetId();
  }

  /** Whether calls that change it succeed. */
  boolean isReady() {
    return described.status() == NetworkInterfaceStatus.AVAILABLE
        || described.status() == NetworkInterfaceStatus.IN_USE;
  }

  /** The primary IPv4 address, which EC2 never changes; an interface in an IPv6 subnet has none. */
  Optional<IpPrefix> primary() {
    return described.privateIpAddresses().stream()
        .filter(address -> Boolean.TRUE.equals(address.primary()))
        .map(NetworkInterfacePrivateIpAddress::privateIpAddress)
        .findFirst()
        .or(() -> Optional.ofNullable(described.privateIpAddress()))
        .map(Eni::single);
  }

  boolean primaryIsUnasked() {
    return NicTags.primaryIsUnasked(described.tagSet());
  }

  /** All its addresses and prefixes. */
  List<IpPrefix> everything() {
    List<IpPrefix> blocks = new ArrayList<>();
    described
        .privateIpAddresses()
        .forEach(address -> blocks.add(single(address.privateIpAddress())));
    described.ipv4Prefixes().forEach(prefix -> blocks.add(IpPrefix.parse(prefix.ipv4Prefix())));
    described.ipv6Addresses().forEach(address -> blocks.add(single(address.ipv6Address())));
    described.ipv6Prefixes().forEach(prefix -> blocks.add(IpPrefix.parse(prefix.ipv6Prefix())));
    return blocks;
  }

  /** Its addresses and prefixes, without a primary IPv4 address that nobody asked for. */
  List<IpPrefix> blocks() {
    List<IpPrefix> blocks = everything();
    if (primaryIsUnasked()) {
      primary().ifPresent(blocks::remove);
    }
    return blocks;
  }

  /** How it is attached to an instance; empty if it isn't. */
  Optional<NetworkInterfaceAttachment> attachment() {
    return Optional.ofNullable(described.attachment())
        .filter(attachment -> attachment.attachmentId() != null)
        .filter(attachment -> attachment.status() != AttachmentStatus.DETACHED);
  }

  InfrastructureNic asNic(NicTags tags) {
    Optional<NicTags.Whose> whose = tags.read(described.tagSet());
    return new InfrastructureNic(
        id(),
        whose.map(NicTags.Whose::identity).orElse(null),
        whose.map(NicTags.Whose::incarnation).orElse(null),
        MacAddress.tryParse(String.valueOf(described.macAddress())).orElse(null),
        blocks());
  }

  /** How EC2 writes a block where a field takes single addresses or prefixes. */
  static String text(IpPrefix block) {
    return block.isSingle() ? block.address().toString() : block.toString();
  }

  static IpPrefix single(String address) {
    return IpAddress.parse(address).toPrefix();
  }

  /** The blocks of a family that are single addresses, or those that are prefixes, as text. */
  static List<String> texts(List<IpPrefix> blocks, IpFamily family, boolean prefixes) {
    return blocks.stream()
        .filter(block -> block.family() == family && block.isSingle() != prefixes)
        .map(Eni::text)
        .toList();
  }
}
