package io.dualstack.testkit.lab;

/** What came of an attempt to reach a service of a host. */
public enum Outcome {
  /** The host answered. */
  ANSWERED,
  /** Somebody said no: a reset, or an ICMP error. */
  REFUSED,
  /** Nothing came back within {@link Lab#PATIENCE}. */
  LOST
}
