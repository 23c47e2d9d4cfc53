package io.dualstack.impl.lab;

import io.dualstack.net.IpAddress;
import io.dualstack.workload.InstanceRecord;
import io.dualstack.workload.NetInfo;
import io.dualstack.workload.PortMapping;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A lab that is up.
 *
 * @param place where it is
 * @param plan what it is made of
 * @param records the instances that run
 */
public record LabView(LabPlace place, LabPlan plan, List<InstanceRecord> records) {
  public LabView {
    records = List.copyOf(records);
  }

  /** The net info of an instance with these addresses. */
  static NetInfo info(LabPlan.Instance instance, IpAddress ipv4, @Nullable IpAddress ipv6) {
    return NetInfo.of(
        instance.cell().ipv4(),
        ipv4,
        ipv6,
        List.of(PortMapping.of(instance.app().port(), instance.cellPort())));
  }

  static InstanceRecord record(
      LabPlan.Instance instance, String guid, NetInfo info, Instant since) {
    return new InstanceRecord(
        instance.app().name(),
        instance.index(),
        "lab",
        guid,
        instance.cell().name(),
        info,
        "RUNNING",
        since,
        Map.of());
  }

  /** What an instance was given. */
  NetInfo info(LabPlan.Instance instance) {
    return records.stream()
        .filter(each -> each.processGuid().equals(instance.app().name()))
        .filter(each -> each.index() == instance.index())
        .map(InstanceRecord::netInfo)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(instance.name() + ": has no record"));
  }
}
