package io.dualstack.net;

/**
 * Says that a text is not the address, prefix, range, port or name it should be, why, and what was
 * probably meant.
 *
 * <p>The message is {@code "<value>": what is wrong; what to do}, so that a reader of files may put
 * the place of the value before it.
 */
public final class AddressSyntaxException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private static final int LONGEST_QUOTE = 80;

  /** The text as it was given. */
  private final String value;

  /** What is wrong and what to do, without the value. */
  private final String problem;

  /**
   * Creates the exception for a refused text.
   *
   * @param value the text as it was given
   * @param problem what is wrong; what to do
   */
  public AddressSyntaxException(String value, String problem) {
    super(quoted(value) + ": " + problem);
    this.value = value;
    this.problem = problem;
  }

  /** {@return the text that was refused, unchanged and in full} */
  public String value() {
    return value;
  }

  /** {@return the message without the value: what is wrong; what to do} */
  public String problem() {
    return problem;
  }

  /** Puts a text into quotes as {@link #shown} shows it. */
  static String quoted(String text) {
    return '"' + shown(text) + '"';
  }

  /** Keeps a message on one line and of bearable length whatever was put into a file. */
  static String shown(String text) {
    int length = Math.min(text.length(), LONGEST_QUOTE);
    StringBuilder shown = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c)) {
        shown.append("\\u%04x".formatted((int) c));
      } else {
        shown.append(c);
      }
    }
    return shown.append(length < text.length() ? "…" : "").toString();
  }
}
