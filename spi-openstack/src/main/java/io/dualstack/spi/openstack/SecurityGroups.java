package io.dualstack.spi.openstack;

import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.spi.openstack.neutron.Neutron;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Finds security groups by name. Thread-safe. */
final class SecurityGroups {
  private static final String ID = "[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}";

  private final Neutron neutron;
  private final Map<String, String> known = new ConcurrentHashMap<>();

  SecurityGroups(Neutron neutron) {
    this.neutron = neutron;
  }

  /** The ids of groups; what looks like an id is taken for one. */
  List<String> ids(List<String> namesOrIds) {
    List<String> ids = new ArrayList<>();
    for (String group : namesOrIds) {
      ids.add(group.matches(ID) ? group : known.computeIfAbsent(group, this::find));
    }
    return ids;
  }

  private String find(String name) {
    List<String> ids = neutron.securityGroups(name);
    if (ids.size() == 1) {
      return ids.get(0);
    }
    throw new ProviderException(
        OpenStackNetworkProvider.NAME,
        Reason.REFUSED,
        false,
        ids.isEmpty()
            ? "security group \"" + name + "\": doesn't exist; make it, or name another"
            : "security group \"" + name + "\": is the name of several; name one by its id",
        null);
  }
}
