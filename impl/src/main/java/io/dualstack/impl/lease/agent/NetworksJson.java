package io.dualstack.impl.lease.agent;

import io.dualstack.lease.LeasedNetworks;
import java.nio.charset.StandardCharsets;

/**
 * The daemon's answer to plugins, byte for byte: the key for IPv6 is there only with a prefix. No
 * value needs escaping.
 */
final class NetworksJson {

  private NetworksJson() {}

  static byte[] of(LeasedNetworks networks) {
    String ipv6 = networks.ipv6().map(prefix -> ",\"ipv6_prefix\":\"" + prefix + "\"").orElse("");
    return "{\"overlay_subnet\":\"%s\",\"mtu\":%d%s}"
        .formatted(networks.overlaySubnet(), networks.mtu(), ipv6)
        .getBytes(StandardCharsets.UTF_8);
  }
}
