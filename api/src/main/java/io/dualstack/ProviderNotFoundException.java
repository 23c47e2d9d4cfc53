package io.dualstack;

/**
 * No usable network provider of the asked name: none was found, the one found is broken or built
 * for another version of this API, or two carry the name. The message lists what was found where.
 */
public final class ProviderNotFoundException extends DualstackException {

  private static final long serialVersionUID = 1L;

  /** The name asked for. */
  private final String providerName;

  /**
   * Creates the exception.
   *
   * @param providerName the name asked for
   * @param message what was found, what is broken and why, and what to do
   */
  public ProviderNotFoundException(String providerName, String message) {
    super(message, null);
    this.providerName = providerName;
  }

  /**
   * Returns the name asked for.
   *
   * @return the provider's name
   */
  public String providerName() {
    return providerName;
  }
}
