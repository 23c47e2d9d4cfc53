package io.dualstack.firewall;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a container is there for, as its metadata says.
 *
 * @param app the application or other policy group; empty if none is named
 * @param space the space; empty if none is named
 * @param kind what it does; null if that is unknown, in which case no security group counts
 */
public record Workload(String app, String space, @Nullable Lifecycle kind) {
  /** A container of which nothing is known. */
  public static final Workload UNKNOWN = new Workload("", "", null);

  /**
   * Checks that nothing is missing.
   *
   * @param app the application or other policy group; empty if none is named
   * @param space the space; empty if none is named
   * @param kind what it does; null if that is unknown
   */
  public Workload {
    requireNonNull(app, "app");
    requireNonNull(space, "space");
  }

  /** {@return what it does; empty if that is unknown} */
  public Optional<Lifecycle> lifecycle() {
    return Optional.ofNullable(kind);
  }
}
