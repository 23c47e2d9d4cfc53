package io.dualstack.workload;

/** At which address routers reach an instance. */
public enum PreferredAddress {
  /** Nobody said; the router's own configuration decides. */
  UNKNOWN,
  /** At the container's address and port. */
  INSTANCE,
  /** At the cell's address and the mapped port. */
  HOST
}
