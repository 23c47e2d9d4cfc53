package io.dualstack.cni;

/** What an answer of an {@link Ipam} promises about the disk. */
public enum IpamDurability {
  /** What was answered survives a loss of power: files and directory are synced before. */
  DURABLE,
  /**
   * What was answered survives the end of the process, as with the original plugin, but not a loss
   * of power.
   */
  PROCESS
}
