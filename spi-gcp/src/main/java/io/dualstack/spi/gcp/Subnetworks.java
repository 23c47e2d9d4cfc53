package io.dualstack.spi.gcp;

import com.google.api.services.compute.model.Quota;
import com.google.api.services.compute.model.SubnetworkList;
import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.provider.ProviderPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads subnetworks. What NICs are made in is remembered for the session, since a subnetwork's
 * ranges don't move. Thread-safe.
 */
final class Subnetworks {
  private static final String INTERNAL_ADDRESSES = "INTERNAL_ADDRESSES";

  private final ComputeConnection connection;
  private final Map<String, Subnetwork> known = new ConcurrentHashMap<>();

  Subnetworks(ComputeConnection connection) {
    this.connection = connection;
  }

  /**
   * Returns the subnetwork that a NIC's properties name.
   *
   * @throws ProviderException with {@link Reason#REFUSED} if there is none, or it is of another
   *     network
   */
  Subnetwork of(NicProperties properties) {
    String key = properties.hostProject() + "/" + properties.subnetwork();
    Subnetwork subnetwork = known.get(key);
    if (subnetwork == null) {
      subnetwork =
          find(properties.hostProject(), properties.subnetwork())
              .orElseThrow(
                  () ->
                      refusal(
                          "cloud property %s: there is no subnetwork \"%s\" in %s of project %s"
                              .formatted(
                                  NicProperties.SUBNETWORK,
                                  properties.subnetwork(),
                                  connection.region(),
                                  projectOr(properties.hostProject()))));
      known.put(key, subnetwork);
    }
    String network = properties.network();
    if (network != null && !network.equals(subnetwork.network())) {
      throw refusal(
          "cloud property %s: \"%s\", but subnetwork \"%s\" is of network \"%s\""
              .formatted(NicProperties.NETWORK, network, subnetwork.name(), subnetwork.network()));
    }
    return subnetwork;
  }

  /** Returns the subnetwork at a URL. */
  Subnetwork at(String url) {
    String[] parts = url.substring(url.indexOf("projects/") + "projects/".length()).split("/");
    return of(new NicProperties(null, parts[parts.length - 1], parts[0]));
  }

  /** Looks a subnetwork up anew; empty if there is none. */
  Optional<Subnetwork> find(@Nullable String hostProject, String name) {
    String project = projectOr(hostProject);
    return connection
        .find(
            "reading subnetwork " + name,
            () -> connection.compute().subnetworks().get(project, connection.region(), name))
        .map(description -> Subnetwork.of(project, description));
  }

  /** All subnetworks of a project in the region. */
  List<Subnetwork> all(@Nullable String hostProject) {
    String project = projectOr(hostProject);
    return connection
        .all(
            "listing subnetworks",
            token ->
                () ->
                    connection
                        .compute()
                        .subnetworks()
                        .list(project, connection.region())
                        .setPageToken(token),
            SubnetworkList::getItems,
            SubnetworkList::getNextPageToken)
        .stream()
        .map(description -> Subnetwork.of(project, description))
        .toList();
  }

  /** The region's subnetworks as pools, with those of the projects that networks name. */
  List<ProviderPool> pools(AddressUse use, NetworkSet networks) {
    List<ProviderPool> pools = new ArrayList<>();
    all(null).forEach(subnetwork -> pools.add(pool(subnetwork.name(), subnetwork, use)));
    networks.manual().stream()
        .flatMap((Manual network) -> network.subnets().stream())
        .map(subnet -> subnet.cloudProperties().get(NicProperties.HOST_PROJECT))
        .filter(Objects::nonNull)
        .map(Object::toString)
        .distinct()
        .forEach(
            project ->
                all(project)
                    .forEach(
                        subnetwork ->
                            pools.add(pool(project + "/" + subnetwork.name(), subnetwork, use))));
    return pools;
  }

  private static ProviderPool pool(String id, Subnetwork subnetwork, AddressUse use) {
    return new ProviderPool(id, "", subnetwork.ranges(), use.in(subnetwork));
  }

  /**
   * How many more internal addresses the project may reserve; empty if the service doesn't tell.
   */
  Optional<Long> addressesLeft() {
    return connection
        .find(
            "reading region " + connection.region(),
            () -> connection.compute().regions().get(connection.project(), connection.region()))
        .flatMap(
            region ->
                Optional.ofNullable(region.getQuotas()).stream()
                    .flatMap(List::stream)
                    .filter(quota -> INTERNAL_ADDRESSES.equals(quota.getMetric()))
                    .map(Subnetworks::left)
                    .findFirst());
  }

  private static Long left(Quota quota) {
    return Math.max(0, (long) (quota.getLimit() - quota.getUsage()));
  }

  private String projectOr(@Nullable String hostProject) {
    return hostProject == null ? connection.project() : hostProject;
  }

  private static ProviderException refusal(String message) {
    return new ProviderException(GcpNetworkProvider.NAME, Reason.REFUSED, false, message, null);
  }
}
