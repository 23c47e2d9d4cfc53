package io.dualstack.impl.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.impl.firewall.RuleOptions;
import io.dualstack.impl.firewall.SecurityGroupFile;
import io.dualstack.impl.policy.http.CellGroups;
import io.dualstack.impl.policy.http.PolicyAgentClient;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Parameters;

/** Where security groups are told: files, or the policy agent of a cell. */
final class SecurityGroupSource {
  /** Showing doesn't depend on what a platform has switched on. */
  private static final RuleOptions ALL = new RuleOptions(true, true);

  @ArgGroup(multiplicity = "1")
  private Either either;

  /** One of both. */
  private static final class Either {
    @Parameters(paramLabel = "FILE", arity = "1..*", description = "JSON of security groups.")
    private @Nullable List<Path> files;

    @ArgGroup(exclusive = false)
    private @Nullable CellOptions cell;
  }

  /**
   * Groups by name.
   *
   * @param agents what the agent says besides; null for files
   */
  record Told(List<ShownGroup> groups, @Nullable CellGroups agents) {
    static Told of(Stream<ShownGroup> groups, @Nullable CellGroups agents) {
      return new Told(groups.sorted(Comparator.comparing(ShownGroup::name)).toList(), agents);
    }

    /** Begins a document with how old they are. */
    ObjectNode json() {
      ObjectNode document = Json.object();
      if (agents != null) {
        document.put("age_seconds", agents.age().toSeconds());
        if (!agents.failure().isEmpty()) {
          document.put("failure", agents.failure());
        }
      }
      return document;
    }

    /** Says how old they are, and why there are none. */
    void printOrigin(PrintWriter out) {
      if (agents == null) {
        return;
      }
      out.println("As of %d s ago.".formatted(agents.age().toSeconds()));
      if (!agents.failure().isEmpty()) {
        out.println("Since then the policy server told nothing: " + agents.failure());
      }
      if (agents.spaces().isEmpty()) {
        out.println("No container of the cell is in a space, so no groups are asked for.");
      }
    }
  }

  Told read() {
    if (either.cell != null) {
      CellGroups agents =
          either.cell.ask(PolicyAgentClient::groups, SecurityGroupSource::refuseSocket);
      return Told.of(agents.groups().stream().map(ShownGroup::of), agents);
    }
    List<Path> files = either.files == null ? List.of() : either.files;
    return Told.of(SecurityGroupFile.readWritten(files, ALL).stream().map(ShownGroup::of), null);
  }

  private static CellGroups refuseSocket(Path socket) {
    throw new InvalidConfigurationException(
        List.of(
            Diagnostic.error(
                "--cell",
                "SocketUnknown",
                "unix:%s: a policy agent has no socket; write http://HOST:PORT of its debug_server"
                    .formatted(socket))));
  }
}
