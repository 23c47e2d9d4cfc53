package io.dualstack.impl.cni.silk;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cni.CniErrorCode;
import io.dualstack.impl.cni.protocol.CniJson;
import io.dualstack.impl.cni.protocol.Fields;
import io.dualstack.lease.LeasedNetworks;
import io.dualstack.net.InterfaceAddress;
import io.dualstack.net.IpPrefix;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Where the plugin learns its cell's networks from: the daemon, or a file as flannel writes it. */
final class NetworkInfo {
  private static final int PATIENCE_MILLISECONDS = 5_000;

  private NetworkInfo() {}

  /** Asks the daemon on this host, from the namespace of the calling thread. */
  static LeasedNetworks fromDaemon(int port) throws IOException {
    // The plain client of the JDK: it starts faster than the other one, and this may be all we do.
    HttpURLConnection connection =
        (HttpURLConnection) new URL("http", "127.0.0.1", port, "/").openConnection(Proxy.NO_PROXY);
    connection.setConnectTimeout(PATIENCE_MILLISECONDS);
    connection.setReadTimeout(PATIENCE_MILLISECONDS);
    try {
      int status = connection.getResponseCode();
      if (status != HttpURLConnection.HTTP_OK) {
        throw new IOException("the daemon on port %d answered %d".formatted(port, status));
      }
      try (InputStream body = connection.getInputStream()) {
        return read(CniJson.parse("unmarshaling json", body.readAllBytes()));
      }
    } finally {
      connection.disconnect();
    }
  }

  static LeasedNetworks read(ObjectNode answer) {
    Fields fields = Fields.of(answer, CniErrorCode.STEP_FAILED);
    String ipv6 = fields.text("ipv6_prefix");
    return new LeasedNetworks(
        IpPrefix.parse(fields.text("overlay_subnet")),
        fields.number("mtu"),
        ipv6.isEmpty() ? null : IpPrefix.parse(ipv6));
  }

  /** Reads lines of {@code KEY=VALUE}. */
  static LeasedNetworks fromFile(Path file) {
    Map<String, String> values = new HashMap<>();
    try {
      for (String line : Files.readString(file, StandardCharsets.UTF_8).lines().toList()) {
        int at = line.indexOf('=');
        if (at > 0) {
          values.put(line.substring(0, at).strip(), line.substring(at + 1).strip());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
    String subnet = values.getOrDefault("FLANNEL_SUBNET", "");
    String mtu = values.getOrDefault("FLANNEL_MTU", "");
    if (subnet.isEmpty() || !mtu.matches("[0-9]{1,6}")) {
      throw new IllegalArgumentException(
          file + ": needs FLANNEL_SUBNET and FLANNEL_MTU; has " + values.keySet());
    }
    // flannel writes the address of its own device with the length of the subnet.
    IpPrefix network = InterfaceAddress.parse(subnet).network();
    String ipv6 = values.getOrDefault("FLANNEL_IPV6_SUBNET", "");
    return new LeasedNetworks(
        network,
        Integer.parseInt(mtu),
        ipv6.isEmpty() ? null : InterfaceAddress.parse(ipv6).network());
  }
}
