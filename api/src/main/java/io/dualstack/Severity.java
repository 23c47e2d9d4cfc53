package io.dualstack;

/** How much a {@link Diagnostic} weighs. */
public enum Severity {
  /** Refused: nothing is changed while one of these stands. */
  ERROR,
  /** Accepted as the real system accepts it, but probably not what was meant. */
  WARNING
}
