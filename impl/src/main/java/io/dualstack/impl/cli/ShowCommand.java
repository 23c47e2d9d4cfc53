package io.dualstack.impl.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.Dualstack;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.net.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dualstack show}. */
@Command(
    name = "show",
    description = {
      "Shows who holds what: everything, what an owner or all below a path hold,",
      "or who holds and who held an address."
    },
    mixinStandardHelpOptions = true,
    footer = "dualstack show 2001:db8:4e04:d139:1::2")
final class ShowCommand implements Callable<Integer> {
  /** No owner is named like that, so that what isn't quite an address is a slip. */
  private static final Pattern LIKE_AN_ADDRESS =
      Pattern.compile("\\d+(\\.\\d+){2,}(/\\d+)?|[0-9a-fA-F]*:[0-9a-fA-F:.]*(/\\d+)?(%\\S+)?");

  @Spec private CommandSpec command;
  @Mixin private StoreOptions store;
  @Mixin private OutputOptions output;

  @Parameters(
      arity = "0..1",
      paramLabel = "OWNER|ADDRESS",
      description =
          "A deployment, DEPLOYMENT/GROUP, DEPLOYMENT/GROUP/INDEX, or an address."
              + " Default: everything.")
  private @Nullable String subject;

  @Override
  public Integer call() {
    Optional<IpAddress> address = address();
    try (Dualstack dualstack = store.existing().build()) {
      if (address.isPresent()) {
        showAddress(dualstack, address.get());
      } else {
        showOwners(dualstack, subject == null ? OwnerScope.ALL : scope(subject));
      }
    }
    return 0;
  }

  private Optional<IpAddress> address() {
    if (subject == null || !LIKE_AN_ADDRESS.matcher(subject).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(IpAddress.parse(subject));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()));
    }
  }

  private static OwnerScope scope(String path) {
    return OwnerScope.below(path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
  }

  private void showOwners(Dualstack dualstack, OwnerScope scope) {
    List<AllocatedBlock> blocks = dualstack.allocator().blocks(scope);
    if (output.isJson()) {
      ObjectNode document = Json.object().put("store", dualstack.storeLocation());
      document.set("blocks", Json.array(blocks.stream().map(Json::of).toList()));
      output.print(document);
      return;
    }
    heading(dualstack);
    Table table = new Table("OWNER", "AZ", "NETWORK", "BLOCK", "KIND", "STATE", "SINCE");
    blocks.forEach(block -> row(table, block));
    if (table.isEmpty()) {
      output.out().println("Nothing is held" + (subject == null ? "." : " by " + subject + "."));
      output.out().flush();
    } else {
      table.print(output.out());
    }
  }

  private static void row(Table table, AllocatedBlock block) {
    table.row(
        block.owner(),
        block.zoneName().orElse("-"),
        block.network(),
        block.block(),
        Json.word(block.kind()),
        block.until() == null
            ? Json.word(block.state())
            : Json.word(block.state()) + " until " + block.until(),
        block.since());
  }

  private void showAddress(Dualstack dualstack, IpAddress address) {
    PrefixAllocator allocator = dualstack.allocator();
    Optional<AllocatedBlock> holder = allocator.holderOf(address);
    List<HistoryEntry> history = allocator.history(address);
    if (output.isJson()) {
      ObjectNode document =
          Json.object().put("store", dualstack.storeLocation()).put("address", address.toString());
      document.set("holder", holder.map(Json::of).orElse(null));
      document.set("history", Json.array(history.stream().map(Json::of).toList()));
      output.print(document);
      return;
    }
    heading(dualstack);
    output
        .out()
        .println(
            holder
                .map(
                    block ->
                        "%s is held by %s as %s (%s) since %s"
                            .formatted(
                                address,
                                block.owner(),
                                block.block(),
                                Json.word(block.state()),
                                block.since()))
                .orElse(address + " is held by nobody"));
    Table table = new Table("AT", "EVENT", "BLOCK", "OWNER", "INCARNATION", "NETWORK");
    history.forEach(
        entry ->
            table.row(
                entry.at(),
                Json.word(entry.event()),
                entry.block().block(),
                entry.block().owner(),
                entry.block().incarnation(),
                entry.block().network()));
    if (!table.isEmpty()) {
      output.out().println();
      table.print(output.out());
    }
    output.out().flush();
  }

  private void heading(Dualstack dualstack) {
    output.out().println("store: " + dualstack.storeLocation());
    output.out().println();
  }
}
