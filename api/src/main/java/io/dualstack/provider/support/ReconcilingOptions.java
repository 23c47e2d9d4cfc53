package io.dualstack.provider.support;

/**
 * How a {@link ReconcilingSession} works.
 *
 * @param concurrency how many NICs are worked on side by side; 1 to 256
 * @param adopt whether a NIC that carries no identity of this foundation, and has the first single
 *     address that is asked for, is taken over in place of a conflict. What it had before stays its
 *     own when it is detached
 */
public record ReconcilingOptions(int concurrency, boolean adopt) {
  /** Eight NICs side by side, none adopted. */
  public static final ReconcilingOptions DEFAULT = new ReconcilingOptions(8, false);

  private static final int MOST = 256;

  /**
   * Checks the number.
   *
   * @param concurrency how many NICs are worked on side by side; 1 to 256
   * @param adopt whether NICs of nobody are taken over
   */
  public ReconcilingOptions {
    if (concurrency < 1 || concurrency > MOST) {
      throw new IllegalArgumentException(
          "concurrency: " + concurrency + " is outside 1 to " + MOST);
    }
  }
}
