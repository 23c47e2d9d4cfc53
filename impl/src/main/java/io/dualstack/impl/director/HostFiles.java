package io.dualstack.impl.director;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.director.PlannedInstance;
import io.dualstack.host.AgentSettings;
import io.dualstack.host.HostFormats;
import io.dualstack.host.NetworkType;
import io.dualstack.host.VmNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Writes what each machine is told below one directory: {@code
 * DEPLOYMENT/GROUP/INDEX/networks.json}, {@code settings.json} and {@code systemd/network/…}. Each
 * file is replaced whole, and only if it changes; those of released machines are removed.
 */
public final class HostFiles {

  private static final String UNITS = "systemd/network";

  private final HostFormats formats;
  private final Path directory;

  /**
   * Creates a writer.
   *
   * @param formats the formats
   * @param directory where to write; made if it isn't there
   */
  public HostFiles(HostFormats formats, Path directory) {
    this.formats = formats;
    this.directory = directory.toAbsolutePath().normalize();
  }

  /**
   * Writes the files of the instances.
   *
   * @param instances the instances as they were applied
   * @return how many files were written or removed
   * @throws UncheckedIOException if one can't be
   * @throws InvalidConfigurationException if a name leads out of the directory
   */
  public int write(List<PlannedInstance> instances) {
    int changed = 0;
    try {
      for (PlannedInstance instance : instances) {
        Path home = directory.resolve(instance.id().toString()).normalize();
        if (!home.startsWith(directory) || home.equals(directory)) {
          throw new InvalidConfigurationException(
              List.of(
                  Diagnostic.error(
                      "instance_groups." + instance.id().group(),
                      "NameNotAPath",
                      "%s: the name leads out of %s; use another"
                          .formatted(instance.id(), directory))));
        }
        changed += replace(home, contents(instance));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return changed;
  }

  private Map<String, String> contents(PlannedInstance instance) {
    Map<String, String> files = new TreeMap<>();
    List<VmNetwork> networks = instance.settings();
    if (networks.isEmpty()) {
      return files;
    }
    files.put("networks.json", formats.networksHash(networks));
    files.put(
        "settings.json",
        formats.agentSettings(
            new AgentSettings(
                instance.incarnation(),
                instance.id().shortName(),
                networks,
                instance.enableIpv6(),
                Map.of())));
    formats
        .networkdFiles(networks, interfaces(networks))
        .forEach((name, text) -> files.put(UNITS + "/" + name, text));
    return files;
  }

  /** Names the interfaces in the order in which the NICs appear. */
  private static Map<String, String> interfaces(List<VmNetwork> networks) {
    Map<String, String> names = new LinkedHashMap<>();
    for (VmNetwork network : networks) {
      if (network.type() != NetworkType.VIP) {
        names.putIfAbsent(network.nic(), "eth" + names.size());
      }
    }
    return names;
  }

  /** Makes a machine's directory hold these files, of those that this class writes. */
  private static int replace(Path home, Map<String, String> files) throws IOException {
    int changed = 0;
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = home.resolve(file.getKey());
      if (!file.getValue().equals(readIfThere(path))) {
        Files.createDirectories(path.getParent());
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        Files.writeString(fresh, file.getValue());
        Files.move(
            fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        changed++;
      }
    }
    for (String name : List.of("networks.json", "settings.json")) {
      if (!files.containsKey(name) && Files.deleteIfExists(home.resolve(name))) {
        changed++;
      }
    }
    Path units = home.resolve(UNITS);
    if (Files.isDirectory(units)) {
      List<Path> there;
      try (Stream<Path> listed = Files.list(units)) {
        there = listed.filter(path -> path.toString().endsWith(".network")).toList();
      }
      for (Path path : there) {
        if (!files.containsKey(UNITS + "/" + path.getFileName())) {
          Files.delete(path);
          changed++;
        }
      }
    }
    return changed;
  }

  private static String readIfThere(Path path) throws IOException {
    try {
      return Files.readString(path);
    } catch (NoSuchFileException e) {
      return "";
    }
  }
}
