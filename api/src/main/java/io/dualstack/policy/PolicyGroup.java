package io.dualstack.policy;

/**
 * Who has a tag.
 *
 * @param id the GUID of an application, or the name of a part of the platform; 1 to 255 characters
 * @param type what it is: {@link #APP}, or a word such as {@code router}
 * @param tag the tag
 */
public record PolicyGroup(String id, String type, PolicyTag tag) {

  /** The type of applications. */
  public static final String APP = "app";

  /**
   * Checks the texts.
   *
   * @param id the GUID of an application, or the name of a part of the platform
   * @param type what it is
   * @param tag the tag
   * @throws IllegalArgumentException when a text is empty or longer than 255 characters
   */
  public PolicyGroup {
    requireTaggable(id, type);
  }

  /**
   * Checks what a tag is asked for with.
   *
   * @param id the GUID of an application, or the name of a part of the platform
   * @param type what it is
   * @throws IllegalArgumentException when a text is empty or longer than 255 characters
   */
  public static void requireTaggable(String id, String type) {
    NetworkPolicy.requireGuid(id);
    if (type.isEmpty() || type.length() > NetworkPolicy.LONGEST_GUID) {
      throw new IllegalArgumentException(
          "\"%s\": is no type; use a word such as %s".formatted(type, APP));
    }
  }
}
