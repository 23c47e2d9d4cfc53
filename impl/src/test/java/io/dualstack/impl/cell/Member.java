package io.dualstack.impl.cell;

import io.dualstack.cni.CniResult;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.testkit.lab.Contact;
import io.dualstack.testkit.lab.LabHost;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A container that is on the network. */
record Member(LabHost container, List<IpAddress> addresses) {
  private static final int AT_ONCE = 12;

  static Member of(LabHost container, CniResult result) {
    return new Member(container, result.ips().stream().map(ip -> ip.address().address()).toList());
  }

  IpAddress address(IpFamily family) {
    return addresses.stream()
        .filter(address -> address.family() == family)
        .findFirst()
        .orElseThrow(() -> new AssertionError(container + ": has no address of " + family));
  }

  /** Tries every ordered pair in both families, by ping, TCP and UDP. */
  static void assertAllReachEachOther(List<Member> members) throws InterruptedException {
    List<Callable<String>> probes = new ArrayList<>();
    for (Member from : members) {
      for (Member to : members) {
        if (!from.equals(to)) {
          for (IpFamily family : IpFamily.values()) {
            probes.add(() -> from.reaches(to, family));
          }
        }
      }
    }
    // Most of it is waiting for answers.
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<String> failures = new ArrayList<>();
      for (Future<String> probe : threads.invokeAll(probes)) {
        failures.add(failure(probe));
      }
      failures.removeIf(String::isEmpty);
      if (!failures.isEmpty()) {
        throw new AssertionError(
            "%d of %d: %s".formatted(failures.size(), probes.size(), String.join("\n", failures)));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private String reaches(Member to, IpFamily family) {
    Contact contact = container.contact(to.container, to.address(family));
    contact.assertReachedFrom(address(family));
    return "";
  }

  private static String failure(Future<String> probe) throws InterruptedException {
    try {
      return probe.get();
    } catch (ExecutionException e) {
      return String.valueOf(e.getCause());
    }
  }
}
