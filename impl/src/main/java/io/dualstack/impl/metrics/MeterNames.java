package io.dualstack.impl.metrics;

/** What an embedder's meters are told of; the README says what each means. */
public final class MeterNames {
  // Times, by outcome.
  public static final String ALLOCATE = "allocate";
  public static final String RESERVE = "reserve";
  public static final String APPLY = "apply";
  public static final String RELEASE = "release";
  public static final String ATTACH = "attach";
  public static final String DETACH = "detach";
  public static final String FIREWALL_APPLY = "firewallApply";

  // Times and counts of the store's commits.
  public static final String COMMIT = "commit";
  public static final String COMMIT_FLUSH = "commitFlush";
  public static final String COMMIT_STEPS = "commitSteps";
  public static final String COMMIT_CONFLICTS = "commitConflicts";
  public static final String STORE_BUSY = "storeBusy";

  // Gauges of subnets.
  public static final String SUBNET_BLOCKS = "subnetBlocks";
  public static final String SUBNET_AVAILABLE = "subnetAvailable";
  public static final String SUBNET_ACTIVE = "subnetActive";
  public static final String SUBNET_OBSOLETE = "subnetObsolete";
  public static final String SUBNET_QUARANTINED = "subnetQuarantined";
  public static final String SUBNET_GROWTH_PER_DAY = "subnetGrowthPerDay";
  public static final String SUBNET_UNTIL_FULL = "subnetUntilFullSeconds";

  // Gauges and counts of firewalls.
  public static final String FIREWALL_CONTAINERS = "firewallContainers";
  public static final String FIREWALL_RULES = "firewallRules";
  public static final String FIREWALL_RESTORED = "firewallRestored";

  private MeterNames() {}
}
