package io.dualstack.impl.cni.hostlocal;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.Severity;
import io.dualstack.impl.cni.hostlocal.DirectoryIndex.Entry;
import io.dualstack.impl.kernel.Flock;
import io.dualstack.net.IpAddress;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is reserved in the directory of a network, as it is.
 *
 * @param reserved each reservation, in address order
 * @param findings what lies there and is no part of the format
 */
public record HostLocalReservations(List<Reserved> reserved, List<Diagnostic> findings) {

  /**
   * A reservation.
   *
   * @param file where it is written
   * @param address the address
   * @param containerId who has it
   * @param ifName the interface; empty where an old version wrote none
   */
  public record Reserved(Path file, IpAddress address, String containerId, String ifName) {}

  /** Copies the lists. */
  public HostLocalReservations {
    reserved = List.copyOf(reserved);
    findings = List.copyOf(findings);
  }

  /**
   * Reads a directory, and changes nothing but who waits for its lock meanwhile.
   *
   * @throws InvalidConfigurationException naming files that reserve an address for nobody, or under
   *     another spelling
   * @throws IOException if it can't be read
   */
  public static HostLocalReservations read(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new FileSystemException(directory.toString(), null, "is not a directory; name one");
    }
    Path lock = directory.resolve("lock");
    if (!Files.exists(lock)) {
      return list(directory);
    }
    try (Flock held = Flock.lock(lock)) {
      return list(directory);
    }
  }

  private static HostLocalReservations list(Path directory) throws IOException {
    DirectoryIndex index = new DirectoryIndex();
    List<Diagnostic> findings = DirectoryListing.refresh(directory, index).findings();
    List<Diagnostic> refusals =
        findings.stream()
            .filter(finding -> !finding.code().startsWith("Foreign"))
            .map(HostLocalReservations::error)
            .toList();
    if (!refusals.isEmpty()) {
      throw new InvalidConfigurationException(refusals);
    }
    List<Reserved> reserved = new ArrayList<>();
    for (Entry entry : index.all()) {
      IpAddress address = entry.address();
      if (address != null) {
        reserved.add(
            new Reserved(
                entry.file(),
                address,
                OwnerText.containerId(entry.owner()),
                OwnerText.ifName(entry.owner())));
      }
    }
    reserved.sort(Comparator.comparing(Reserved::address));
    return new HostLocalReservations(reserved, findings);
  }

  private static Diagnostic error(Diagnostic finding) {
    return new Diagnostic(
        Severity.ERROR, finding.source(), "", 0, 0, finding.code(), finding.message());
  }
}
