package io.dualstack.spi.gcp;

import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.support.NicIdentity;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the cloud properties of a NIC's networks say, named as BOSH's Google CPI names it.
 *
 * @param network {@code network_name}: the VPC network; null if they leave it to the subnetwork
 * @param subnetwork {@code subnetwork_name}: the subnetwork
 * @param hostProject {@code xpn_host_project_id}: the project that shares its network; null for the
 *     instances' own
 */
record NicProperties(@Nullable String network, String subnetwork, @Nullable String hostProject) {
  static final String NETWORK = "network_name";
  static final String SUBNETWORK = "subnetwork_name";
  static final String HOST_PROJECT = "xpn_host_project_id";

  /**
   * Reads the properties of all networks of a NIC.
   *
   * @throws ProviderException with {@link Reason#REFUSED}, naming the network and the property, if
   *     one is missing or two don't agree
   */
  static NicProperties of(NicRequest request) {
    String network = null;
    String subnetwork = null;
    String hostProject = null;
    String first = "";
    boolean any = false;
    for (Map.Entry<String, Map<String, Object>> of : request.cloudProperties().entrySet()) {
      Reader reader = new Reader(request, of.getKey(), of.getValue());
      String ofNetwork = reader.text(NETWORK, GcpSettings.NAME).orElse(null);
      String ofSubnetwork = reader.text(SUBNETWORK, GcpSettings.NAME).orElse(null);
      String ofProject = reader.text(HOST_PROJECT, GcpSettings.PROJECT).orElse(null);
      if (ofSubnetwork == null) {
        throw reader.refusal(SUBNETWORK, "is missing; name the subnetwork");
      }
      if (any) {
        reader.agree(NETWORK, network, ofNetwork, first);
        reader.agree(SUBNETWORK, subnetwork, ofSubnetwork, first);
        reader.agree(HOST_PROJECT, hostProject, ofProject, first);
      } else {
        any = true;
        first = of.getKey();
        network = ofNetwork;
        subnetwork = ofSubnetwork;
        hostProject = ofProject;
      }
    }
    if (subnetwork == null) {
      String some = request.blocks().get(0).network();
      throw new Reader(request, some, Map.of())
          .refusal(SUBNETWORK, "is missing; name the subnetwork");
    }
    return new NicProperties(network, subnetwork, hostProject);
  }

  /** Reads the properties of one network, and names it when it refuses. */
  private record Reader(NicRequest request, String name, Map<String, Object> properties) {

    Optional<String> text(String property, Pattern rule) {
      Object value = properties.get(property);
      if (value == null) {
        return Optional.empty();
      }
      String text = value.toString();
      if (!rule.matcher(text).matches()) {
        throw refusal(property, "\"%s\" doesn't match %s".formatted(text, rule));
      }
      return Optional.of(text);
    }

    void agree(String property, @Nullable String before, @Nullable String now, String first) {
      if (!Objects.equals(before, now)) {
        throw refusal(
            property,
            "%s, but network %s of the same NIC has %s; use the same, or another NIC"
                .formatted(shown(now), first, shown(before)));
      }
    }

    private static String shown(@Nullable String value) {
      return value == null ? "none" : "\"" + value + "\"";
    }

    ProviderException refusal(String property, String message) {
      return new ProviderException(
          GcpNetworkProvider.NAME,
          Reason.REFUSED,
          false,
          "%s: network %s: cloud property %s: %s"
              .formatted(NicIdentity.of(request), name, property, message),
          null);
    }
  }
}
