package io.dualstack.impl.cli;

import static java.util.Objects.requireNonNull;

import io.dualstack.firewall.BackendKind;
import io.dualstack.firewall.Service;
import io.dualstack.impl.lab.Lab;
import io.dualstack.impl.lab.LabExample;
import io.dualstack.impl.lab.LabModel;
import io.dualstack.impl.lab.LabRehearsal;
import io.dualstack.impl.lab.trace.Journal;
import io.dualstack.impl.lab.trace.Trace;
import io.dualstack.net.IpFamily;
import io.dualstack.net.Protocol;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code dualstack trace}. */
@Command(
    name = "trace",
    description = {
      "The journal of one packet through a lab: what every hop decides by configuration, next to",
      "what its kernel did to a packet that is really sent. Without root, or where no lab is up,",
      "it is of configuration alone. Exit code 1 if a kernel did anything else."
    },
    mixinStandardHelpOptions = true,
    footer = "dualstack trace --from frontend/0 --to backend/0 --tcp 8080 -4")
final class TraceCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private LabCommand.Name name;
  @Mixin private OutputOptions output;

  @Option(
      names = "--from",
      paramLabel = "WHO",
      required = true,
      description = "Who sends it: APP/INDEX, a machine as GROUP/INDEX, or outside.")
  private String from = "";

  @Option(
      names = "--to",
      paramLabel = "WHO",
      required = true,
      description = "Where it goes: one of these, or an address.")
  private String to = "";

  @ArgGroup(multiplicity = "1")
  private Asked asked = new Asked();

  @ArgGroup private @Nullable Family family;

  @ArgGroup(exclusive = false)
  private @Nullable LabFiles files;

  /** What it asks for. */
  private static final class Asked {
    @Option(names = "--tcp", paramLabel = "PORT", description = "It opens a connection of TCP.")
    private @Nullable Integer tcp;

    @Option(names = "--udp", paramLabel = "PORT", description = "It is a datagram of UDP.")
    private @Nullable Integer udp;

    @Option(names = "--icmp", description = "It is an echo request.")
    private boolean icmp;

    Service in(IpFamily chosen) {
      if (icmp) {
        return Service.ping(chosen);
      }
      return tcp != null
          ? Service.port(Protocol.TCP, tcp)
          : Service.port(Protocol.UDP, requireNonNull(udp, "udp"));
    }
  }

  /** By which family. */
  private static final class Family {
    @Option(names = "-4", description = "By IPv4.")
    private boolean ipv4;

    @Option(names = "-6", description = "By IPv6, as it is where both ends have it.")
    private boolean ipv6;

    IpFamily family() {
      return ipv4 && !ipv6 ? IpFamily.IPV4 : IpFamily.IPV6;
    }
  }

  @Override
  public Integer call() {
    Lab lab = name.lab();
    if (files != null) {
      return rehearsed(lab, files, "it is of files, not of a lab that is up");
    }
    if (LabCommand.isRoot() && lab.process().isPresent()) {
      Trace asked = trace(lab.model());
      // Who interrupts it waits until nothing is left of it.
      try (Termination termination = new Termination()) {
        assert !termination.asked().isDone();
        return told(asked.watched());
      }
    }
    String why =
        LabCommand.isRoot()
            ? "lab \"%s\" is not up, so this is the example; start it by: dualstack lab up"
                .formatted(lab.place().name())
            : "not root, so this is the example; network namespaces are root's alone";
    try (LabExample example = LabExample.open()) {
      return rehearsed(lab, LabFiles.of(example), why);
    }
  }

  private int rehearsed(Lab lab, LabFiles given, String why) {
    LabRehearsal rehearsal =
        LabRehearsal.of(
            lab.place(), given.cloudConfig(), given.manifest(), given.apps(), BackendKind.NFTABLES);
    return told(trace(rehearsal.model()).planned(why));
  }

  private Trace trace(LabModel model) {
    try {
      return Trace.of(model, from, to, family == null ? null : family.family(), asked::in);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private int told(Journal journal) {
    TraceReport report = new TraceReport(journal);
    if (output.isJson()) {
      output.print(report.json());
    } else {
      report.print(output.out());
    }
    return journal.parting().isPresent() ? 1 : 0;
  }
}
