package io.dualstack.cni;

import java.util.regex.Pattern;

/**
 * A container's place on a network: what ADD makes and DEL removes. Immutable.
 *
 * @param containerId the container: a letter or digit, then letters, digits, {@code _ . -}
 * @param ifName the name of its interface: 1 to 15 bytes, not {@code .} or {@code ..}, without
 *     {@code /}, {@code :} and white space
 */
public record Attachment(String containerId, String ifName) {
  /** What a container's identifier and the name of a network look like. */
  static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.\\-]*");

  private static final int LONGEST_INTERFACE_NAME = 15;

  /**
   * Checks both as the protocol asks.
   *
   * @param containerId the container
   * @param ifName the name of its interface
   * @throws CniException with {@link CniErrorCode#INVALID_ENVIRONMENT} if one is refused, with
   *     {@link CniErrorCode#UNKNOWN_CONTAINER} if the container is empty
   */
  public Attachment {
    checkContainerId(containerId);
    checkIfName(ifName);
  }

  /**
   * Checks the identifier of a container.
   *
   * @param containerId the identifier
   * @throws CniException with {@link CniErrorCode#INVALID_ENVIRONMENT} if it is refused, with
   *     {@link CniErrorCode#UNKNOWN_CONTAINER} if it is empty
   */
  public static void checkContainerId(String containerId) {
    if (containerId.isEmpty()) {
      throw new CniException(CniErrorCode.UNKNOWN_CONTAINER, "missing containerID");
    }
    if (!NAME.matcher(containerId).matches()) {
      throw refused("invalid characters in containerID", containerId);
    }
  }

  /**
   * Checks the name of an interface inside a container.
   *
   * @param ifName the name
   * @throws CniException with {@link CniErrorCode#INVALID_ENVIRONMENT} if it is refused
   */
  public static void checkIfName(String ifName) {
    if (ifName.isEmpty()) {
      throw refused("interface name is empty", "");
    }
    if (utf8Length(ifName) > LONGEST_INTERFACE_NAME) {
      throw refused(
          "interface name is too long",
          "interface name should be less than %d characters".formatted(LONGEST_INTERFACE_NAME + 1));
    }
    if (ifName.equals(".") || ifName.equals("..")) {
      throw refused("interface name is . or ..", "");
    }
    if (ifName.codePoints().anyMatch(Attachment::isForbidden)) {
      throw refused("interface name contains / or : or whitespace characters", "");
    }
  }

  private static int utf8Length(String text) {
    return text.codePoints()
        .map(point -> point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4)
        .sum();
  }

  private static boolean isForbidden(int point) {
    return point == '/'
        || point == ':'
        || Character.isWhitespace(point)
        || Character.isSpaceChar(point)
        || point == 0x85;
  }

  private static CniException refused(String message, String details) {
    return new CniException(CniErrorCode.INVALID_ENVIRONMENT, message, details, null);
  }

  /** Returns {@code container/interface}. */
  @Override
  public String toString() {
    return containerId + "/" + ifName;
  }
}
