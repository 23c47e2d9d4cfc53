package io.dualstack.host;

import java.util.List;
import java.util.Map;

/**
 * Writes and reads a machine's networks in the formats of real systems. Output is canonical: the
 * same input gives the same bytes, ending in a line feed. A machine without IPv6 gets exactly what
 * it got before there was IPv6. Thread-safe; cost is linear in the size of the text.
 *
 * <p>Addresses are written as RFC 5952 says, which is what a director writes too, except for the
 * IPv4-compatible addresses of {@code ::/96} (deprecated by RFC 4291 section 2.5.5.1): a director
 * ends them in dotted decimal, and both forms are read.
 */
public interface HostFormats {

  /**
   * Writes the hash of networks that a director passes to a provider's {@code create_vm}, with the
   * keys in the director's order. What only an agent is told is left out.
   *
   * @param networks the networks in the order of the manifest, each name once
   * @return a JSON object by network name, indented
   * @throws IllegalArgumentException if a name is there twice, a manual network lacks its address
   *     or range, or a value isn't one of JSON
   */
  String networksHash(List<VmNetwork> networks);

  /**
   * Reads a hash of networks as {@link #networksHash} writes it.
   *
   * @param json the hash
   * @return the networks in the order of the hash; keys it doesn't know are kept and written again
   * @throws io.dualstack.InvalidConfigurationException naming the JSON pointer of all that is wrong
   */
  List<VmNetwork> parseNetworksHash(String json);

  /**
   * Writes the settings file that an agent reads. Keys without a value are left out.
   *
   * @param settings the settings
   * @return a JSON object, indented
   * @throws IllegalArgumentException if a network's name is there twice, or a value isn't one of
   *     JSON
   */
  String agentSettings(AgentSettings settings);

  /**
   * Reads a settings file of an agent. As the agent does, it takes an empty text and null for a
   * missing value, an empty type for manual, and does not mind the case of keys.
   *
   * @param json the file's content
   * @return the settings; keys it doesn't know are kept and written again
   * @throws io.dualstack.InvalidConfigurationException naming the JSON pointer of all that is wrong
   */
  AgentSettings parseAgentSettings(String json);

  /**
   * Writes the systemd-networkd files of a machine as its agent does: one per NIC, with every
   * address of both families. Beyond the agent, the NIC of the default gateway has the gateways of
   * both families, and a delegated prefix is no address: it gets a discard route, as RFC 7084
   * (WPD-5) asks of whoever is delegated one, of the least preferred metric, so that a route for
   * the same prefix can be added beside it.
   *
   * <p>Vip networks are on no NIC. When every other network is {@linkplain AgentHints#preconfigured
   * preconfigured}, there is no file. An interface that no network is on is configured by DHCP. The
   * order of the networks makes no difference.
   *
   * @param networks the networks of the machine
   * @param interfaces the interface names by NIC, see {@link VmNetwork#nic}, or by hardware
   *     address, as {@link io.dualstack.net.MacAddress#toString} spells it: an agent's settings may
   *     have no groups, and networks on one NIC are told by having one address. Not needed for a
   *     network with an {@link AgentHints#alias} and without a hardware address
   * @return file contents by file name, such as {@code 10_eth0.network}, in the order of names
   * @throws IllegalArgumentException if a NIC has no interface, or a name can't be an interface's
   */
  Map<String, String> networkdFiles(List<VmNetwork> networks, Map<String, String> interfaces);
}
