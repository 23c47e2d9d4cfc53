package io.dualstack.cni;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The versions of the CNI specification, oldest first. */
public enum CniVersion {
  /** The first one; results hold at most one address per family. What an empty version means. */
  V0_1_0("0.1.0"),
  /** As 0.1.0, with VERSION. */
  V0_2_0("0.2.0"),
  /** Results with interfaces and any number of addresses. */
  V0_3_0("0.3.0"),
  /** As 0.3.0; lists of plugins. */
  V0_3_1("0.3.1"),
  /** CHECK, and the result of ADD is handed to DEL. */
  V0_4_0("0.4.0"),
  /** Addresses no longer say their family. */
  V1_0_0("1.0.0"),
  /** GC and STATUS; more facts about interfaces and routes. */
  V1_1_0("1.1.0");

  /** The newest version, in which values of this package are complete. */
  public static final CniVersion LATEST = V1_1_0;

  private final String text;

  CniVersion(String text) {
    this.text = text;
  }

  /**
   * Reads the {@code cniVersion} of a configuration.
   *
   * @param text such as {@code 1.0.0}; empty means 0.1.0
   * @return the version
   * @throws CniException with {@link CniErrorCode#INCOMPATIBLE_VERSION} if there is none like it
   */
  public static CniVersion parse(String text) {
    return tryParse(text)
        .orElseThrow(
            () ->
                new CniException(
                    CniErrorCode.INCOMPATIBLE_VERSION,
                    "incompatible CNI versions",
                    "config is \"%s\", plugin supports [%s]"
                        .formatted(
                            text,
                            Arrays.stream(values())
                                .map(known -> '"' + known.text + '"')
                                .collect(Collectors.joining(" "))),
                    null));
  }

  /**
   * Reads the {@code cniVersion} of a configuration as {@link #parse} does; empty when that would
   * throw.
   *
   * @param text such as {@code 1.0.0}; empty means 0.1.0
   * @return the version
   */
  public static Optional<CniVersion> tryParse(String text) {
    if (text.isEmpty()) {
      return Optional.of(V0_1_0);
    }
    return Arrays.stream(values()).filter(version -> version.text.equals(text)).findFirst();
  }

  /**
   * Tells whether this version is another one or newer.
   *
   * @param other the version to compare with
   * @return whether it is
   */
  public boolean isAtLeast(CniVersion other) {
    return compareTo(other) >= 0;
  }

  /**
   * Returns the version as it is written in a configuration.
   *
   * @return such as {@code 1.0.0}
   */
  public String text() {
    return text;
  }

  /** Returns the version as it is written in a configuration. */
  @Override
  public String toString() {
    return text;
  }
}
