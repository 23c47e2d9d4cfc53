package io.dualstack.cell;

import io.dualstack.cni.Attachment;
import io.dualstack.cni.CniResult;
import java.util.List;
import java.util.Set;

/**
 * The network of a cell's containers: each has a device with an IPv4 address of the overlay network
 * and, if the cell has a prefix, an IPv6 address of its own, to which no NAT applies. A container
 * can send from no other address.
 *
 * <p>Thread-safe for different containers; one container is not to be attached and detached at
 * once. All methods throw {@link io.dualstack.cni.CniException} with {@link
 * io.dualstack.cni.CniErrorCode#STEP_FAILED}, the step as message and its cause in the details.
 */
public interface CellNetwork {
  /**
   * Puts a container on the network. When this throws, nothing is left of the attempt.
   *
   * @param container the container, without a device of that name
   * @return its devices, addresses and routes
   * @throws io.dualstack.cni.CniException if a step fails; also if it is attached already, which it
   *     then stays
   */
  CniResult attach(Container container);

  /**
   * Takes a container off the network. Succeeds if it isn't there, or its namespace is gone.
   *
   * @param container the container
   * @throws io.dualstack.cni.CniException if something of it could not be removed; all that could
   *     be is
   */
  void detach(Container container);

  /**
   * Checks that a container is attached as it was.
   *
   * @param container the container
   * @param attached what {@link #attach} returned, or later plugins made of it
   * @throws io.dualstack.cni.CniException naming the first thing that is missing
   */
  void check(Container container, CniResult attached);

  /**
   * Takes every container off that is not valid.
   *
   * @param valid those that stay
   * @throws io.dualstack.cni.CniException if something could not be removed; all that could be is
   */
  void collect(Set<Attachment> valid);

  /**
   * Checks that a container can be attached now.
   *
   * @throws io.dualstack.cni.CniException with {@link io.dualstack.cni.CniErrorCode#NOT_AVAILABLE}
   *     if not
   */
  void checkAvailable();

  /**
   * Lists who is attached.
   *
   * @return in the order of handles
   */
  List<AttachedContainer> attached();
}
