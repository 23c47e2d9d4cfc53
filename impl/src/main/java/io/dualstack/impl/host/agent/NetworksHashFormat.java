package io.dualstack.impl.host.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.host.VmNetwork;
import io.dualstack.impl.json.JsonValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The hash of networks that a director passes to {@code create_vm}. Stateless. */
public final class NetworksHashFormat {

  private NetworksHashFormat() {}

  /**
   * Writes the hash.
   *
   * @throws IllegalArgumentException if a name is there twice, or a network can't be told
   */
  public static String format(List<VmNetwork> networks) {
    return JsonText.print(write(networks, NetworkFields::forProvider));
  }

  /**
   * Reads a hash.
   *
   * @throws io.dualstack.InvalidConfigurationException with all that is wrong
   */
  public static List<VmNetwork> parse(String json) {
    Findings findings = new Findings("NetworksHash");
    List<VmNetwork> networks = read(new Fields(JsonText.parse(json), "", findings), findings);
    findings.throwIfAny();
    return networks;
  }

  static ObjectNode write(List<VmNetwork> networks, Function<VmNetwork, ObjectNode> form) {
    ObjectNode hash = JsonValues.NODES.objectNode();
    for (VmNetwork network : networks) {
      if (hash.has(network.name())) {
        throw new IllegalArgumentException(
            network.name() + ": two networks have this name; give each once");
      }
      hash.set(network.name(), form.apply(network));
    }
    return hash;
  }

  static List<VmNetwork> read(Fields hash, Findings findings) {
    List<VmNetwork> networks = new ArrayList<>();
    for (Map.Entry<String, Fields> member : hash.members().entrySet()) {
      VmNetwork network = NetworkFields.read(member.getKey(), member.getValue(), findings);
      if (network != null) {
        networks.add(network);
      }
    }
    return networks;
  }
}
