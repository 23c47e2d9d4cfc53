package io.dualstack.impl.host.ipv6;

import io.dualstack.cell.HostIpv6;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a host's IPv6, and what makes it right. Immutable.
 *
 * @param running what the kernel that runs says; null for an image
 * @param findings what is wrong; empty if nothing is
 * @param files the files to write, by path on the host, each with its whole content; their
 *     characters are bytes
 * @param reboot whether the files help only after the next start. If not, the commands put them in
 *     force
 * @param commands what to run once the files are in place, word by word
 */
public record Ipv6Report(
    @Nullable HostIpv6 running,
    List<Ipv6Finding> findings,
    SortedMap<String, String> files,
    boolean reboot,
    List<List<String>> commands) {

  /** Copies the collections. */
  public Ipv6Report {
    findings = List.copyOf(findings);
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    commands = commands.stream().map(List::copyOf).toList();
  }

  /** Whether there is nothing to do. */
  public boolean isRight() {
    return findings.isEmpty();
  }
}
