package io.dualstack.host;

import java.util.List;
import java.util.Map;

/**
 * Writes a machine's networks in the formats of real systems. Output is canonical: the same input
 * gives the same bytes. A machine without IPv6 gets exactly what it got before there was IPv6.
 * Thread-safe.
 */
public interface HostFormats {

  /**
   * Writes the hash of networks that a director passes to a provider's {@code create_vm}.
   *
   * @param networks the networks in the order of the manifest
   * @return a JSON object by network name, indented
   */
  String networksHash(List<VmNetwork> networks);

  /**
   * Writes the settings file that an agent reads.
   *
   * @param settings the settings
   * @return a JSON object, indented
   */
  String agentSettings(AgentSettings settings);

  /**
   * Reads a settings file of an agent.
   *
   * @param json the file's content
   * @return the settings; keys it doesn't know are kept and written again
   * @throws io.dualstack.InvalidConfigurationException naming the JSON pointer of what is wrong
   */
  AgentSettings parseAgentSettings(String json);

  /**
   * Writes the systemd-networkd files of a machine: one per NIC, with every address of both
   * families, and a discard route for each delegated prefix, as RFC 7084 (WPD-5) asks of whoever is
   * delegated one.
   *
   * @param networks the networks in the order of the manifest
   * @param interfaces the interface names by NIC, see {@link VmNetwork#nic}
   * @return file contents by file name, such as {@code 10_eth0.network}
   */
  Map<String, String> networkdFiles(List<VmNetwork> networks, Map<String, String> interfaces);
}
