package io.dualstack.impl.allocation.store;

import io.dualstack.Dualstack;
import io.dualstack.allocation.Allocation;
import io.dualstack.allocation.AllocationRequest;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpPrefix;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * Allocates and releases for many callers, half of them without a thread, until it is killed.
 * Prints a line for each answer, after it was given: {@code + owner blocks}, {@code - owner}; and
 * {@code ? owner} before a release.
 */
public final class AllocatingProcess {

  private static final int CALLERS = 16;

  private AllocatingProcess() {}

  /** Takes the store's location and a name that differs from those of other runs. */
  public static void main(String[] arguments) {
    PrefixAllocator allocator = Dualstack.builder().store(arguments[0]).build().allocator();
    allocator.define(networks());
    for (int caller = 0; caller < CALLERS; caller += 2) {
      String waiting = arguments[1] + "/" + caller;
      new Thread(() -> work(allocator, waiting, System.out)).start();
      workOn(allocator, arguments[1] + "/" + (caller + 1), 0, System.out);
    }
  }

  static NetworkSet networks() {
    return NetworkSet.of(
        network("v4", "10.0.0.0/8", 32),
        network("cells", "2001:db8::/48", 80),
        network("v6", "2001:db8::/48", 128));
  }

  private static NetworkDefinition.Manual network(String name, String range, int length) {
    return new NetworkDefinition.Manual(
        name, List.of(Subnet.of(IpPrefix.parse(range)).prefixLength(length).build()));
  }

  private static void work(PrefixAllocator allocator, String name, PrintStream out) {
    for (int i = 0; ; i++) {
      String owner = name + "/" + i;
      say(out, owner, allocator.allocate(request(owner)));
      if (i % 3 == 0) {
        say(out, "? " + owner);
        allocator.release(new Owner(owner));
        say(out, "- " + owner);
      }
    }
  }

  private static void workOn(PrefixAllocator allocator, String name, int i, PrintStream out) {
    String owner = name + "/" + i;
    allocator
        .allocateAsync(request(owner))
        .thenAccept(allocation -> say(out, owner, allocation))
        .thenCompose(
            said ->
                i % 3 == 0
                    ? release(allocator, owner, out)
                    : CompletableFuture.completedStage(null))
        .thenRun(() -> workOn(allocator, name, i + 1, out));
  }

  private static CompletionStage<Void> release(
      PrefixAllocator allocator, String owner, PrintStream out) {
    say(out, "? " + owner);
    return allocator.releaseAsync(new Owner(owner)).thenAccept(outcome -> say(out, "- " + owner));
  }

  static AllocationRequest request(String owner) {
    return AllocationRequest.forOwner(owner).from("v4").from("cells").from("v6").build();
  }

  static void say(PrintStream out, String owner, Allocation allocation) {
    say(
        out,
        "+ "
            + owner
            + " "
            + allocation.blocks().stream()
                .map(held -> held.block().toString())
                .collect(Collectors.joining(",")));
  }

  /** One write per line, so that a line is whole or not there. */
  static void say(PrintStream out, String line) {
    synchronized (out) {
      out.print(line + "\n");
      out.flush();
    }
  }
}
