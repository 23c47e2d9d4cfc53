package io.dualstack;

/** A message about a route, or a TCP route, was refused; nothing of it was taken. */
public final class RouteRefusedException extends DualstackException {

  private static final long serialVersionUID = 1L;

  /** Where the value is. */
  private final String path;

  /** The rule that it breaks. */
  private final String rule;

  /**
   * Creates the exception.
   *
   * @param path the JSON pointer of the value, such as {@code /0/backend_ip}; empty for the whole
   * @param rule a stable identifier of the rule that it breaks
   * @param message the value, what is wrong with it, and what to do
   */
  public RouteRefusedException(String path, String rule, String message) {
    super(path.isEmpty() ? message : path + ": " + message, null);
    this.path = path;
    this.rule = rule;
  }

  /**
   * Returns where the value is.
   *
   * @return a JSON pointer; empty for the whole
   */
  public String path() {
    return path;
  }

  /**
   * Returns the rule that it breaks.
   *
   * @return a stable identifier
   */
  public String rule() {
    return rule;
  }
}
