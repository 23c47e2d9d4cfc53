package io.dualstack.impl.cni.garden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.impl.cni.protocol.CniJson;
import io.dualstack.impl.cni.protocol.Fields;
import io.dualstack.net.PortRange;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Guardian says about a container that is to be put on the network.
 *
 * @param namespace the container's namespace: that of its process, or what is open as number 3
 * @param properties its network properties, handed to plugins as {@code metadata}
 * @param netIn the host's ports that lead to it; empty if there is no list
 * @param netOutRules what it may reach, handed to plugins as it is
 */
record UpRequest(
    Path namespace,
    ObjectNode properties,
    Optional<List<PortMapping>> netIn,
    JsonNode netOutRules) {

  /**
   * Reads what is on standard input.
   *
   * @throws io.dualstack.cni.CniException naming what is wrong with its path
   */
  static UpRequest read(Fields input) {
    int pid = input.number(key(input, "Pid"), Integer.MAX_VALUE);
    @Nullable Fields properties = input.objectOrNull(key(input, "Properties"));
    NetOutRules.checkAll(input, "netout_rules");
    return new UpRequest(
        Path.of(pid == 0 ? "/proc/self/fd/3" : "/proc/" + pid + "/ns/net"),
        properties == null ? CniJson.object() : properties.object(),
        input.has("netin")
            ? Optional.of(input.objects("netin").stream().map(UpRequest::mapping).toList())
            : Optional.empty(),
        NetOutRules.handedOn(input, "netout_rules"));
  }

  private static PortMapping mapping(Fields fields) {
    return new PortMapping(
        fields.number("host_port", PortRange.MAX), fields.number("container_port", PortRange.MAX));
  }

  /** Go reads members in any case, and clients make use of it. */
  private static String key(Fields input, String name) {
    Optional<String> written =
        input.object().properties().stream()
            .map(member -> member.getKey())
            .filter(name::equalsIgnoreCase)
            .findFirst();
    return written.orElse(name);
  }
}
