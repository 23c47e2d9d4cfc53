package io.dualstack.impl.workload;

import io.dualstack.workload.EnvironmentOptions;
import io.dualstack.workload.InstanceRecord;
import io.dualstack.workload.NetInfo;
import io.dualstack.workload.ProcessStats;
import io.dualstack.workload.WorkloadFormats;
import java.util.List;
import java.util.Map;

/** The formats of Diego, Guardian and Cloud Controller. Stateless. */
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

  @Override
  public String processStats(List<ProcessStats> instances) {
    return ProcessStatsFormat.write(instances);
  }

  @Override
  public List<ProcessStats> parseProcessStats(String json) {
    return ProcessStatsFormat.read(json);
  }

  @Override
  public String instanceRecords(List<InstanceRecord> records) {
    return InstanceRecordFormat.write(records);
  }

  @Override
  public List<InstanceRecord> parseInstanceRecords(String json) {
    return InstanceRecordFormat.read(json);
  }
}
