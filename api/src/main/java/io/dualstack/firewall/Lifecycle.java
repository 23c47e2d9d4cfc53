package io.dualstack.firewall;

/** The two ways in which a container serves an application. */
public enum Lifecycle {
  /** It runs the application or a task of it. */
  RUNNING,
  /** It builds the application. */
  STAGING
}
