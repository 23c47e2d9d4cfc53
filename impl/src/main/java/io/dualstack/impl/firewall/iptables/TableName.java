package io.dualstack.impl.firewall.iptables;

import java.util.Locale;

/** The tables that containers have rules in, in the order in which they are changed. */
enum TableName {
  /** First, so that what fails later leaves a container shut. */
  FILTER,
  NAT,
  MANGLE;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
