package io.dualstack.cell;

import io.dualstack.firewall.ContainerEndpoint;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.PolicyRules;

/**
 * The firewall around a cell's containers, in force in the kernel.
 *
 * <p>A container is shut from before it can be reached until {@link #put} says more: it may ask the
 * cell's DNS and host services, gets answers to what it began, and nothing else passes. Rules stay
 * when this process ends. Thread-safe.
 */
public interface FirewallControl {

  /**
   * Returns what tells a container to the firewall.
   *
   * @param container an attached container
   * @return its addresses and its device on the cell
   * @throws IllegalArgumentException if it is not attached
   * @throws io.dualstack.cni.CniException if the file of containers can't be read
   */
  ContainerEndpoint endpoint(Container container);

  /**
   * Puts an attached container's rules in force, in place of those it has: in one step of each
   * family, without a moment in which it is open or a connection is lost. Costs the same however
   * many containers there are.
   *
   * @param container what it may reach and who may reach it
   * @throws io.dualstack.KernelException if the kernel refuses; then nothing is open that was shut
   */
  void put(ContainerFirewall container);

  /**
   * Puts container-to-container policies in force, in place of those before, in one step.
   *
   * @param policies all policies about containers of this cell
   * @throws io.dualstack.KernelException if the kernel refuses; then those before are in force
   */
  void policies(PolicyRules policies);

  /**
   * Puts in force again what this was told and somebody took out of the kernel, such as by flushing
   * its rules; to be called now and then. Costs a listing of the rules when all is well.
   *
   * @return whether something was missing
   * @throws io.dualstack.KernelException if the kernel refuses
   */
  boolean restore();
}
