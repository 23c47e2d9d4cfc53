package io.dualstack.impl.workload;

import io.dualstack.workload.EnvironmentOptions;
import io.dualstack.workload.NetInfo;
import io.dualstack.workload.WorkloadFormats;
import java.util.Map;

/** The formats of Diego and Guardian. Stateless. */
public final class DiegoFormats implements WorkloadFormats {
  /** Creates the formats. */
  public DiegoFormats() {}

  @Override
  public Map<String, String> environment(NetInfo instance, EnvironmentOptions options) {
    return InstanceEnvironment.of(instance, options);
  }

  @Override
  public String hostsFile(String handle, NetInfo instance) {
    return HostsFile.of(handle, instance);
  }

  @Override
  public String netInfo(NetInfo instance) {
    return NetInfoFormat.write(instance);
  }

  @Override
  public NetInfo parseNetInfo(String json) {
    return NetInfoFormat.read(json);
  }
}
