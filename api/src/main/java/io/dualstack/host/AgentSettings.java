package io.dualstack.host;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of an agent's settings that is about networks, and the rest as it is.
 *
 * @param agentId the agent's identifier; empty if not set
 * @param vmName the machine's name; empty if not set
 * @param networks the machine's networks in order
 * @param enableIpv6 whether the agent is told to switch IPv6 on in the kernel
 * @param others the rest of the document as it is, in order: JSON-like values (null, Boolean,
 *     String, Integer, Long, BigInteger, BigDecimal, List, Map). It may have {@code vm} and {@code
 *     env} for what else is in those; {@code enableIpv6} decides over {@code env.bosh.ipv6.enable}
 */
public record AgentSettings(
    String agentId,
    String vmName,
    List<VmNetwork> networks,
    boolean enableIpv6,
    Map<String, Object> others) {

  /**
   * Copies the collections.
   *
   * @param agentId the agent's identifier
   * @param vmName the machine's name
   * @param networks the machine's networks in order
   * @param enableIpv6 whether the agent is told to switch IPv6 on in the kernel
   * @param others top-level keys that are not about networks, as they are: JSON-like values
   */
  public AgentSettings {
    requireNonNull(agentId, "agentId");
    requireNonNull(vmName, "vmName");
    networks = List.copyOf(networks);
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
  }
}
