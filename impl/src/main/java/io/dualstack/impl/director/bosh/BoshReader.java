package io.dualstack.impl.director.bosh;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.director.Deployment;
import io.dualstack.director.DeploymentFiles;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a BOSH cloud config and deployment manifest and checks what a director checks, so that a
 * deployment that is accepted here is accepted there. Where the director takes a mistake without a
 * word, this refuses it and says so. The cost grows with the size of the files, and the number of
 * addresses in them doesn't matter. Immutable, safe for use by many threads.
 */
public final class BoshReader {

  /**
   * Reads files.
   *
   * @param files the cloud config, and a manifest or none
   * @param directorAddresses the director's own addresses, which no machine may get
   * @return what the files say
   * @throws InvalidConfigurationException with every error and warning of both files, each with its
   *     file, path, line and column
   */
  public Deployment read(DeploymentFiles files, IpSet directorAddresses) {
    Findings findings = new Findings();
    CloudConfig config = new CloudConfig(Map.of(), false, new Zones(null, findings));
    @Nullable ReadManifest manifest = null;
    try {
      config = cloudConfig(files, directorAddresses, config, findings);
      manifest = manifest(files, config, findings);
    } catch (Findings.Full e) {
      // The last of the findings says so.
    }
    List<Diagnostic> found = findings.inOrder();
    if (findings.errors() > 0) {
      throw new InvalidConfigurationException(found);
    }
    List<NetworkDefinition> networks = new ArrayList<>();
    config.networks().values().forEach(network -> addTo(networks, network));
    return new Deployment(
        manifest == null ? "" : manifest.name(),
        NetworkSet.of(networks),
        manifest == null ? List.of() : manifest.groups(),
        found);
  }

  private static CloudConfig cloudConfig(
      DeploymentFiles files, IpSet directorAddresses, CloudConfig nothing, Findings findings) {
    YamlValue root = YamlFile.parse(0, files.cloudConfigName(), files.cloudConfig(), findings);
    if (root == null) {
      return nothing;
    }
    try {
      return new CloudConfigReader(directorAddresses, findings).read(root);
    } catch (YamlFile.TooLarge e) {
      refuse(root, findings);
      return nothing;
    }
  }

  private static @Nullable ReadManifest manifest(
      DeploymentFiles files, CloudConfig config, Findings findings) {
    String text = files.manifest();
    String name = Objects.requireNonNullElse(files.manifestName(), "manifest");
    YamlValue root = text == null ? null : YamlFile.parse(1, name, text, findings);
    if (root == null) {
      return null;
    }
    try {
      return new ManifestReader(config, findings).read(root);
    } catch (YamlFile.TooLarge e) {
      refuse(root, findings);
      return null;
    }
  }

  private static void addTo(List<NetworkDefinition> networks, CloudConfig.Network network) {
    if (network.definition() != null) {
      networks.add(network.definition());
    }
  }

  private static void refuse(YamlValue root, Findings findings) {
    findings.error(
        root.file().whole(),
        "YamlTooLarge",
        "its aliases stand for far more values than it has characters; write it with fewer");
  }
}
