package io.dualstack.cni;

import io.dualstack.net.IpAddress;
import java.util.List;
import java.util.Set;

/**
 * The IPAM plugin host-local in one's own process: addresses of a host's containers, kept as files
 * that the original plugin reads and writes too, also at the same time.
 *
 * <p>Addresses are handed out round robin, each in the order the original would choose. Nothing is
 * ever enumerated, so an IPv6 /64 costs what an IPv4 /24 costs; an index per directory makes the
 * cost of {@link #add} and {@link #release} independent of the number of addresses in use, as long
 * as no other process changes the directory in between.
 *
 * <p>Thread-safe. All methods throw {@link CniException}: with {@link CniErrorCode#INTERNAL} and
 * host-local's own text where it refuses, with {@link CniErrorCode#IO_FAILURE} where the directory
 * can't be read or written; and {@link io.dualstack.MissingDependencyException} without JNA.
 */
public interface Ipam {

  /**
   * Reserves one address out of each range set, all or nothing.
   *
   * @param config the network
   * @param attachment who it is for
   * @return the addresses in the order of the sets, the routes and the name servers
   * @throws CniException if the attachment has an address in one of the sets already, a set is used
   *     up, or the configured name servers can't be read
   */
  default CniResult add(IpamConfig config, Attachment attachment) {
    return add(config, attachment, List.of());
  }

  /**
   * Reserves one address out of each range set, all or nothing. A set that a requested address lies
   * in gives that one.
   *
   * @param config the network
   * @param attachment who it is for
   * @param requested addresses to give, at most one out of each set
   * @return the addresses in the order of the sets, the routes and the name servers
   * @throws CniException as without requested addresses, and if one of these is taken, withheld, or
   *     belongs to no set or to one that has given another
   */
  CniResult add(IpamConfig config, Attachment attachment, List<IpAddress> requested);

  /**
   * Tells what {@link #release} would release: for callers who take down what stands on an address
   * before somebody else may have it.
   *
   * @param config the network
   * @param attachment who holds them
   * @return the addresses, in address order
   * @throws CniException if the directory can't be read
   */
  List<IpAddress> held(IpamConfig config, Attachment attachment);

  /**
   * Releases every address of the attachment in the network's directory, whatever set it belongs
   * to. Releasing what isn't there succeeds.
   *
   * @param config the network
   * @param attachment who held them
   * @return what was released, in address order
   * @throws CniException if the directory can't be read or written
   */
  List<IpAddress> release(IpamConfig config, Attachment attachment);

  /**
   * Checks that the attachment holds an address.
   *
   * @param config the network
   * @param attachment who should hold it
   * @throws CniException if it holds none
   */
  void check(IpamConfig config, Attachment attachment);

  /**
   * Tells what {@link #collect} would release.
   *
   * @param config the network
   * @param valid all attachments that are still there
   * @return the addresses, in address order
   * @throws CniException if the directory can't be read
   */
  List<IpAddress> abandoned(IpamConfig config, Set<Attachment> valid);

  /**
   * Releases every address whose holder is not among the attachments that are still there. Files
   * that name a container only are kept as long as one attachment of that container is there; files
   * that name no holder were torn by a crash and go too.
   *
   * @param config the network
   * @param valid all attachments that are still there
   * @return what was released, in address order
   * @throws CniException if the directory can't be read or written
   */
  List<IpAddress> collect(IpamConfig config, Set<Attachment> valid);

  /**
   * Checks that an ADD can be served now.
   *
   * @param config the network
   * @throws CniException with {@link CniErrorCode#NOT_AVAILABLE} if a set is used up or the
   *     directory can't be used
   */
  void status(IpamConfig config);

  /**
   * Reads the network's directory.
   *
   * @param config the network
   * @return who holds what, and what should not be there
   * @throws CniException if the directory can't be read
   */
  IpamInspection inspect(IpamConfig config);
}
