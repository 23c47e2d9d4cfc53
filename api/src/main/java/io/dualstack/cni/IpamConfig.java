package io.dualstack.cni;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What host-local is told about a network. Immutable. The texts of refusals are host-local's own.
 *
 * @param name the network: a letter or digit, then letters, digits, {@code _ . -}
 * @param dataDir the directory in which each network has a directory of its own
 * @param ranges the sets; an attachment gets one address out of each, in this order
 * @param routes routes that are handed on
 * @param resolvConf a file in the format of {@code resolv.conf} that is read at each ADD, or null
 */
public record IpamConfig(
    String name,
    Path dataDir,
    List<RangeSet> ranges,
    List<CniRoute> routes,
    @Nullable Path resolvConf) {

  /** Where host-local keeps networks unless told otherwise. */
  public static final Path DEFAULT_DATA_DIR = Path.of("/var/lib/cni/networks");

  /**
   * Copies the lists and checks all.
   *
   * @param name the network
   * @param dataDir the directory in which each network has a directory of its own
   * @param ranges the sets
   * @param routes routes that are handed on
   * @param resolvConf a file in the format of {@code resolv.conf}, or null
   * @throws CniException with {@link CniErrorCode#INVALID_CONFIGURATION} if the name is refused
   * @throws IllegalArgumentException if there is no set or two of them overlap
   */
  public IpamConfig {
    requireNonNull(dataDir, "dataDir");
    ranges = List.copyOf(ranges);
    routes = List.copyOf(routes);
    checkName(name);
    if (ranges.isEmpty()) {
      throw new IllegalArgumentException("no IP ranges specified");
    }
    for (int i = 0; i < ranges.size(); i++) {
      for (int j = i + 1; j < ranges.size(); j++) {
        if (ranges.get(i).overlaps(ranges.get(j))) {
          throw new IllegalArgumentException("range set %d overlaps with %d".formatted(i, j));
        }
      }
    }
  }

  /**
   * Returns a configuration without routes and name servers.
   *
   * @param name the network
   * @param dataDir the directory in which each network has a directory of its own
   * @param ranges the sets
   * @return the configuration
   * @throws CniException with {@link CniErrorCode#INVALID_CONFIGURATION} if the name is refused
   * @throws IllegalArgumentException if there is no set or two of them overlap
   */
  public static IpamConfig of(String name, Path dataDir, RangeSet... ranges) {
    return new IpamConfig(name, dataDir, List.of(ranges), List.of(), null);
  }

  /**
   * Checks the name of a network.
   *
   * @param name the name
   * @throws CniException with {@link CniErrorCode#INVALID_CONFIGURATION} if it is refused
   */
  public static void checkName(String name) {
    if (name.isEmpty()) {
      throw new CniException(CniErrorCode.INVALID_CONFIGURATION, "missing network name");
    }
    if (!Attachment.NAME.matcher(name).matches()) {
      throw new CniException(
          CniErrorCode.INVALID_CONFIGURATION,
          "invalid characters found in network name",
          name,
          null);
    }
  }

  /**
   * Returns the network's own directory.
   *
   * @return the name below {@link #dataDir()}
   */
  public Path directory() {
    return dataDir.resolve(name);
  }
}
