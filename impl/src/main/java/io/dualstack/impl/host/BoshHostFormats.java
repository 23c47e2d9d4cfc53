package io.dualstack.impl.host;

import io.dualstack.host.AgentSettings;
import io.dualstack.host.HostFormats;
import io.dualstack.host.VmNetwork;
import io.dualstack.impl.host.agent.AgentSettingsFormat;
import io.dualstack.impl.host.agent.NetworksHashFormat;
import io.dualstack.impl.host.networkd.NetworkdFiles;
import java.util.List;
import java.util.Map;

/** The formats of BOSH's director and agent, and of networkd as that agent uses it. */
public final class BoshHostFormats implements HostFormats {

  @Override
  public String networksHash(List<VmNetwork> networks) {
    return NetworksHashFormat.format(networks);
  }

  @Override
  public List<VmNetwork> parseNetworksHash(String json) {
    return NetworksHashFormat.parse(json);
  }

  @Override
  public String agentSettings(AgentSettings settings) {
    return AgentSettingsFormat.format(settings);
  }

  @Override
  public AgentSettings parseAgentSettings(String json) {
    return AgentSettingsFormat.parse(json);
  }

  @Override
  public Map<String, String> networkdFiles(
      List<VmNetwork> networks, Map<String, String> interfaces) {
    return NetworkdFiles.format(networks, interfaces);
  }
}
