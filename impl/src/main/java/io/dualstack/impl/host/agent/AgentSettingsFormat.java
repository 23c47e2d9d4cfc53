package io.dualstack.impl.host.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.host.AgentSettings;
import io.dualstack.host.VmNetwork;
import io.dualstack.impl.json.JsonValues;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings document of an agent. Stateless.
 *
 * <p>{@code vm}, {@code agent_id} and {@code networks} come first, as providers write them; then
 * the rest of the document in its own order.
 */
public final class AgentSettingsFormat {

  private static final Set<String> OWN_KEYS = Set.of("agent_id", "networks");

  /** Where the flag is that has the agent switch IPv6 on in the kernel. */
  private static final List<String> IPV6 = List.of("env", "bosh", "ipv6");

  private AgentSettingsFormat() {}

  /**
   * Writes settings.
   *
   * @throws IllegalArgumentException if a network's name is there twice, or a value isn't one of
   *     JSON
   */
  public static String format(AgentSettings settings) {
    ObjectNode rest = JsonValues.NODES.objectNode();
    JsonValues.addOthers("settings", settings.others(), OWN_KEYS, rest);
    ObjectNode document = JsonValues.NODES.objectNode();
    JsonNode vm = rest.remove("vm");
    if (!settings.vmName().isEmpty()) {
      document.putObject("vm").put("name", settings.vmName());
    }
    if (vm != null) {
      ObjectNode others = object("vm", vm);
      if (!settings.vmName().isEmpty()) {
        others.remove("name");
      }
      objectAt(document, "vm").setAll(others);
    }
    if (!settings.agentId().isEmpty()) {
      document.put("agent_id", settings.agentId());
    }
    document.set(
        "networks", NetworksHashFormat.write(settings.networks(), NetworkFields::forAgent));
    document.setAll(rest);
    if (settings.enableIpv6()) {
      ObjectNode at = document;
      for (String key : IPV6) {
        at = objectAt(at, key);
      }
      at.put("enable", true);
    }
    return JsonText.print(document);
  }

  private static ObjectNode objectAt(ObjectNode parent, String key) {
    JsonNode child = parent.get(key);
    return child == null || child.isNull() ? parent.putObject(key) : object(key, child);
  }

  private static ObjectNode object(String key, JsonNode node) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new IllegalArgumentException(
        "settings: \"%s\" is %s; give a map".formatted(key, JsonText.kind(node)));
  }

  /**
   * Reads settings.
   *
   * @throws io.dualstack.InvalidConfigurationException with all that is wrong
   */
  public static AgentSettings parse(String json) {
    ObjectNode document = JsonText.parse(json);
    Findings findings = new Findings("AgentSettings");
    Fields in = new Fields(document, "", findings);
    String agentId = in.text("agent_id");
    Fields hash = in.object("networks");
    List<VmNetwork> networks = hash == null ? List.of() : NetworksHashFormat.read(hash, findings);
    Fields vm = in.object("vm");
    String vmName = vm == null ? "" : vm.text("name");
    boolean enableIpv6 = takeIpv6(new Fields(document, "", findings), IPV6);
    findings.throwIfAny();
    Map<String, @Nullable Object> others = new LinkedHashMap<>(in.rest());
    if (vm != null && (vmName.isEmpty() || !vm.rest().isEmpty())) {
      others.put("vm", vm.rest());
    }
    return new AgentSettings(agentId, vmName, networks, enableIpv6, others);
  }

  /**
   * Takes the flag out of the document, and what is empty without it, so that it is told once. A
   * flag that is false says nothing and stays.
   */
  private static boolean takeIpv6(Fields in, List<String> path) {
    if (path.isEmpty()) {
      boolean enable = in.flag("enable");
      if (enable) {
        in.drop("enable");
      }
      return enable;
    }
    Fields next = in.object(path.get(0));
    if (next == null) {
      return false;
    }
    boolean enable = takeIpv6(next, path.subList(1, path.size()));
    if (enable && next.isEmpty()) {
      in.drop(path.get(0));
    }
    return enable;
  }
}
