package io.dualstack.impl.cni.protocol;

import io.dualstack.cni.Attachment;
import io.dualstack.cni.CniVersion;
import java.util.Map;

/**
 * One call of a plugin, checked.
 *
 * @param command {@code ADD}, {@code DEL}, {@code CHECK}, {@code GC} or {@code STATUS}
 * @param containerId the container; empty for GC and STATUS
 * @param netns the path of its network namespace; may be empty for DEL, is for GC and STATUS
 * @param ifName the interface in the container; empty for GC and STATUS
 * @param args {@code K=V;K=V}; may be empty
 * @param path where plugins are, separated by colons
 * @param config the configuration
 * @param environment the whole environment
 */
public record CniCall(
    String command,
    String containerId,
    String netns,
    String ifName,
    String args,
    String path,
    CniConfig config,
    Map<String, String> environment) {

  /** Copies the environment. */
  public CniCall {
    environment = Map.copyOf(environment);
  }

  /** Returns what ADD, DEL and CHECK are about. */
  public Attachment attachment() {
    return new Attachment(containerId, ifName);
  }

  /** Returns the version of the configuration. */
  public CniVersion version() {
    return config.version();
  }
}
