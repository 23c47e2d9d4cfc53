package io.dualstack.spi.openstack;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.provider.support.ReconcilingOptions;
import io.dualstack.spi.openstack.access.AccessConfig;
import io.dualstack.spi.openstack.access.AccessConfigReader;
import io.dualstack.spi.openstack.access.Surroundings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The provider's settings, checked.
 *
 * @param access how to reach the cloud
 * @param foundation whose ports are ours, where several foundations share a project
 * @param securityGroups names or ids for NICs whose networks name none
 * @param options how the session works
 */
record OpenStackSettings(
    AccessConfig access,
    String foundation,
    List<String> securityGroups,
    ReconcilingOptions options) {
  private static final Set<String> OWN =
      Set.of("foundation", "security_groups", "concurrency", "adopt");
  private static final int MOST_SIDE_BY_SIDE = 256;

  /**
   * Reads and checks the settings.
   *
   * @throws InvalidConfigurationException listing all that is wrong
   * @throws ProviderException with {@link Reason#NOT_CONFIGURED} listing all that is missing
   */
  static OpenStackSettings read(Map<String, String> settings, Surroundings surroundings) {
    List<Diagnostic> findings = new ArrayList<>();
    Set<String> known = new TreeSet<>(AccessConfigReader.settingNames());
    known.addAll(OWN);
    for (String name : new TreeSet<>(settings.keySet())) {
      if (!known.contains(name)) {
        findings.add(
            Diagnostic.error(
                name,
                "SettingUnknown",
                "no such setting; the settings are " + String.join(", ", known)));
      }
    }
    AccessConfigReader reader = new AccessConfigReader(settings, surroundings, findings);
    AccessConfig access = reader.read();
    String foundation = settings.getOrDefault("foundation", "default");
    if (!foundation.matches("[A-Za-z0-9_.-]{1,32}")) {
      findings.add(
          Diagnostic.error(
              "foundation",
              "FoundationInvalid",
              "\"" + foundation + "\": use 1 to 32 letters, digits, dots, hyphens, underscores"));
    }
    ReconcilingOptions options =
        new ReconcilingOptions(concurrency(settings, findings), adopt(settings, findings));
    if (!findings.isEmpty()) {
      throw new InvalidConfigurationException(findings);
    }
    if (!reader.missing().isEmpty()) {
      throw new ProviderException(
          OpenStackNetworkProvider.NAME,
          Reason.NOT_CONFIGURED,
          false,
          "not set: "
              + String.join(", ", reader.missing())
              + "; set them, or name a cloud of clouds.yaml by cloud (OS_CLOUD)",
          null);
    }
    return new OpenStackSettings(access, foundation, groups(settings), options);
  }

  private static List<String> groups(Map<String, String> settings) {
    return Stream.of(settings.getOrDefault("security_groups", "").split(","))
        .map(String::strip)
        .filter(group -> !group.isEmpty())
        .distinct()
        .toList();
  }

  private static int concurrency(Map<String, String> settings, List<Diagnostic> findings) {
    String text = settings.get("concurrency");
    if (text == null) {
      return ReconcilingOptions.DEFAULT.concurrency();
    }
    if (text.matches("[0-9]{1,4}")) {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= MOST_SIDE_BY_SIDE) {
        return number;
      }
    }
    findings.add(
        Diagnostic.error(
            "concurrency",
            "NumberInvalid",
            "\"%s\": use a number from 1 to %d".formatted(text, MOST_SIDE_BY_SIDE)));
    return ReconcilingOptions.DEFAULT.concurrency();
  }

  private static boolean adopt(Map<String, String> settings, List<Diagnostic> findings) {
    String text = settings.getOrDefault("adopt", "false");
    if (!text.equals("true") && !text.equals("false")) {
      findings.add(
          Diagnostic.error("adopt", "TruthInvalid", "\"" + text + "\": use true or false"));
    }
    return text.equals("true");
  }
}
