package io.dualstack.impl.firewall.cell;

import io.dualstack.firewall.BoundSecurityGroup;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.firewall.Workload;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which security groups apply to a container. */
public final class GroupChoice {
  private GroupChoice() {}

  /**
   * Returns the defaults of what a container does, then the groups that its space is bound to. Each
   * counts once, by its GUID, though it be there as both. A container whose space is not named has
   * no groups, nor one of which is unknown what it does.
   */
  public static List<SecurityGroup> of(Collection<BoundSecurityGroup> groups, Workload workload) {
    Map<String, SecurityGroup> chosen = new LinkedHashMap<>();
    if (!workload.space().isEmpty()) {
      groups.stream()
          .filter(bound -> isDefault(bound, workload))
          .forEach(bound -> chosen.putIfAbsent(bound.guid(), bound.group()));
      groups.stream()
          .filter(bound -> bound.appliesTo(workload))
          .forEach(bound -> chosen.putIfAbsent(bound.guid(), bound.group()));
    }
    return List.copyOf(chosen.values());
  }

  private static boolean isDefault(BoundSecurityGroup bound, Workload workload) {
    return workload.lifecycle().filter(bound.group().defaultFor()::contains).isPresent();
  }
}
