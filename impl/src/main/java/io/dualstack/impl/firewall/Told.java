package io.dualstack.impl.firewall;

import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.PolicyRules;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a back end was told, which it puts in force again where somebody took it out of the kernel.
 * Not thread-safe.
 */
public final class Told {
  private final Map<String, ContainerFirewall> whole = new LinkedHashMap<>();
  private final Map<String, ContainerFirewall> reaching = new LinkedHashMap<>();
  private @Nullable PolicyRules policies;

  /** Notes what there is now, and nothing else. */
  public void install(Collection<ContainerFirewall> containers, PolicyRules allowed) {
    whole.clear();
    reaching.clear();
    containers.forEach(this::put);
    policies = allowed;
  }

  /** Notes all rules of a container. */
  public void put(ContainerFirewall container) {
    String handle = container.endpoint().handle();
    reaching.remove(handle);
    whole.put(handle, container);
  }

  /** Notes what a container may reach, whose other rules may be another process's. */
  public void egress(ContainerFirewall container) {
    String handle = container.endpoint().handle();
    ContainerFirewall before = whole.get(handle);
    if (before == null) {
      reaching.put(handle, container);
    } else {
      whole.put(handle, before.reaching(container.groups()));
    }
  }

  /** Notes that a container has no rules. */
  public void remove(String handle) {
    whole.remove(handle);
    reaching.remove(handle);
  }

  /** Notes policies. */
  public void policies(PolicyRules allowed) {
    policies = allowed;
  }

  /** Passes over containers that are gone. */
  public void retain(Predicate<String> isThere) {
    whole.keySet().removeIf(isThere.negate());
    reaching.keySet().removeIf(isThere.negate());
  }

  /** Returns whether there is nothing to put in force. */
  public boolean isEmpty() {
    return whole.isEmpty() && reaching.isEmpty() && policies == null;
  }

  /** Returns containers of which all rules are this back end's. */
  public List<ContainerFirewall> whole() {
    return List.copyOf(whole.values());
  }

  /** Returns containers of which only what they reach is. */
  public List<ContainerFirewall> reaching() {
    return List.copyOf(reaching.values());
  }

  /** Returns the policies; empty if there was no word of any. */
  public Optional<PolicyRules> policies() {
    return Optional.ofNullable(policies);
  }
}
