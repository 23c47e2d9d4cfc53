package io.dualstack.impl.firewall;

import io.dualstack.firewall.ContainerEndpoint;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.PolicyRules;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/**
 * Puts the rules of one cell in force in the kernel.
 *
 * <p>Each verb is atomic in each family, and idempotent: what it says is in force when it returns,
 * whatever was before, also after this process or another died in the middle. A verb that fails
 * leaves nothing open that was closed, and nothing of a container open by IPv6 in any case; done
 * again it ends what was begun. There is no moment without enforcement, nor one in which a packet
 * meets half a change. Thread-safe, and safe beside other processes that use the same lock file.
 *
 * <p>To change one container costs the same however many others there are.
 */
public interface FirewallBackend {
  /**
   * Puts in force what holds whoever is there: that addresses of containers are shut by IPv6 which
   * no container has rules for. To be done before somebody else, who can't wait for {@link #put},
   * makes one of them reachable. Changes nothing for containers that have rules.
   *
   * @throws io.dualstack.KernelException if the kernel refuses
   */
  void prepare();

  /**
   * Returns what {@link #install} gives the kernel of a host that has no rules yet. Reads and
   * changes nothing; the same rules give the same text.
   *
   * @throws IllegalArgumentException as {@link #install}
   */
  List<KernelInput> compile(Collection<ContainerFirewall> containers, PolicyRules policies);

  /**
   * Makes the whole cell as it is told: rules of other containers are removed.
   *
   * @throws IllegalArgumentException if two containers share a handle or address, or names that
   *     this back end tells them by; then nothing has changed
   * @throws io.dualstack.KernelException if the kernel refuses
   */
  void install(Collection<ContainerFirewall> containers, PolicyRules policies);

  /**
   * Puts a container's rules in force, in place of those it has. To be done before its addresses
   * can be reached.
   *
   * @throws IllegalArgumentException if another container has its handle or addresses, or names
   *     that this back end tells it by
   * @throws io.dualstack.KernelException if the kernel refuses
   */
  void put(ContainerFirewall container);

  /**
   * Puts the rules in force that say what a container may reach: its security groups, denied
   * networks and limits. The rest of its rules stays as it is.
   *
   * @throws io.dualstack.KernelException if the kernel refuses, or the container has no rules
   */
  void egress(ContainerFirewall container);

  /**
   * Removes all rules of a container; nothing happens when it has none.
   *
   * @throws io.dualstack.KernelException if the kernel refuses
   */
  void remove(ContainerEndpoint container);

  /**
   * Puts container-to-container policies in force, in place of those before.
   *
   * @throws io.dualstack.KernelException if the kernel refuses
   */
  void policies(PolicyRules policies);

  /**
   * Puts in force again what this was told and is no longer as it was, such as after somebody
   * flushed the rules; says so in the log. Costs a listing of the rules when all is well.
   *
   * <p>A container of which this was told {@link #egress} alone gets its other rules too where all
   * rules were taken, as far as the cell's settings tell them; but not its mapped ports.
   *
   * @param isThere whether a container, by its handle, is still there; the others are passed over
   * @return whether something was missing
   * @throws io.dualstack.KernelException if the kernel refuses
   */
  boolean restore(Predicate<String> isThere);
}
