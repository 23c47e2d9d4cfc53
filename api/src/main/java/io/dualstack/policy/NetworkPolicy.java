package io.dualstack.policy;

import java.util.Set;

/**
 * Leave for the containers of an application to open connections.
 *
 * @param source the GUID of the application that connects, 1 to 255 characters
 * @param destination what it may reach
 */
public record NetworkPolicy(String source, PolicyDestination destination) {

  /** The most characters in the GUID of an application. */
  public static final int LONGEST_GUID = 255;

  /**
   * Checks the source.
   *
   * @param source the GUID of the application that connects, 1 to 255 characters
   * @param destination what it may reach
   * @throws IllegalArgumentException when the GUID is empty or too long
   */
  public NetworkPolicy {
    requireGuid(source);
  }

  /** {@return the GUIDs of the one or two applications in it} */
  public Set<String> apps() {
    return destination instanceof PolicyDestination.App app && !app.guid().equals(source)
        ? Set.of(source, app.guid())
        : Set.of(source);
  }

  static void requireGuid(String guid) {
    if (guid.isEmpty() || guid.length() > LONGEST_GUID) {
      throw new IllegalArgumentException(
          "\"%s\": has %d characters; a GUID has 1 to %d"
              .formatted(guid, guid.length(), LONGEST_GUID));
    }
  }
}
