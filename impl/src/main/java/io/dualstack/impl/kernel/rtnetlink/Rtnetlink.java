package io.dualstack.impl.kernel.rtnetlink;

import com.sun.jna.LastErrorException;
import io.dualstack.KernelException;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Netlink;
import java.util.List;

/** Has the kernel make changes. Loading this class needs JNA. */
public final class Rtnetlink {

  private Rtnetlink() {}

  /**
   * Makes changes in their order; does nothing when there are none.
   *
   * @throws KernelException naming the change that failed; those before it are made, those after it
   *     are not
   */
  public static void apply(Namespace namespace, List<Change> changes) {
    if (!changes.isEmpty()) {
      namespace.run(() -> applyHere(namespace, changes));
    }
  }

  private static void applyHere(Namespace namespace, List<Change> changes) {
    try (Netlink socket = Netlink.open(Netlink.ROUTE)) {
      int sequence = 0;
      for (Change change : changes) {
        sequence++;
        Request.of(namespace, change, sequence).tell(socket);
      }
    } catch (LastErrorException e) {
      throw failure(namespace, e);
    }
  }

  /**
   * Removes a device, and with it the other end if it is one of a pair. When this returns, neither
   * can be seen any more, nor can its addresses, routes and neighbors, and their names are free;
   * the kernel goes on to clean up, also when this process ends. Files of settings of the other end
   * may go a moment later.
   *
   * @throws KernelException if there is no such device, or the kernel does not remove it
   */
  public static void removeLink(Namespace namespace, String device) {
    namespace.run(
        () -> {
          try {
            LinkRemoval.run(Request.of(namespace, Change.deleteLink(device), 1));
          } catch (LastErrorException e) {
            throw failure(namespace, e);
          }
        });
  }

  private static KernelException failure(Namespace namespace, LastErrorException e) {
    return new KernelException("rtnetlink in " + namespace, String.valueOf(e.getMessage()), e);
  }
}
