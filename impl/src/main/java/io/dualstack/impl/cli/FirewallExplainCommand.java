package io.dualstack.impl.cli;

import io.dualstack.firewall.ConnectionState;
import io.dualstack.firewall.Packet;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.firewall.Service;
import io.dualstack.impl.firewall.EgressFilter;
import io.dualstack.impl.firewall.Explanation;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.Protocol;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dualstack firewall explain}. */
@Command(
    name = "explain",
    description = "Says which rule of which security group decides about a packet of a container.",
    mixinStandardHelpOptions = true,
    footer = "dualstack firewall explain public.json dns.json --to 2001:db8::53 --port 443 --ipv6")
final class FirewallExplainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private FirewallCommand.GroupOptions groups;
  @Mixin private OutputOptions output;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "JSON of the security groups that apply together.")
  private List<Path> files = List.of();

  @Option(
      names = "--to",
      paramLabel = "ADDRESS",
      required = true,
      description = "Where the packet goes.")
  private String to = "";

  @Option(
      names = "--from",
      paramLabel = "ADDRESS",
      description = "Where it comes from. Security groups don't ask for it.")
  private @Nullable String from;

  @Option(
      names = "--protocol",
      paramLabel = "NAME",
      defaultValue = "tcp",
      description = "Its protocol by name or number (default: ${DEFAULT-VALUE}).")
  private String protocol = "tcp";

  @Option(names = "--port", paramLabel = "N", description = "The destination port.")
  private @Nullable Integer port;

  @Option(names = "--type", paramLabel = "N", description = "The type of ICMP or ICMPv6.")
  private @Nullable Integer type;

  @Option(
      names = "--code",
      paramLabel = "N",
      description = "The code of ICMP or ICMPv6; 0 if not given.")
  private @Nullable Integer code;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      defaultValue = "new",
      description = "What connection tracking says: ${COMPLETION-CANDIDATES}.")
  private ConnectionState state = ConnectionState.NEW;

  @Override
  public Integer call() {
    Packet packet;
    try {
      packet = packet();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    List<SecurityGroup> read = groups.read(files);
    FirewallReport.print(
        Explanation.of(EgressFilter.whole(read, groups.ipv6()), packet), from != null, output);
    return 0;
  }

  private Packet packet() {
    IpAddress destination = IpAddress.parse(to);
    if (destination.family() == IpFamily.IPV6 && !groups.ipv6()) {
      throw new IllegalArgumentException("--to: " + to + ": IPv6 is off; add --ipv6");
    }
    IpAddress source = from == null ? destination.family().first() : IpAddress.parse(from);
    return new Packet(source, destination, service(Protocol.parse(protocol)), state, 0);
  }

  private Service service(Protocol asked) {
    if (asked.hasPorts()) {
      refuse(type, "--type", asked);
      refuse(code, "--code", asked);
      return Service.port(asked, required(port, "--port", asked));
    }
    refuse(port, "--port", asked);
    if (asked.isIcmp()) {
      return Service.icmp(asked, required(type, "--type", asked), code == null ? 0 : code);
    }
    refuse(type, "--type", asked);
    refuse(code, "--code", asked);
    return new Service(asked, 0);
  }

  private static void refuse(@Nullable Integer value, String option, Protocol protocol) {
    if (value != null) {
      throw new IllegalArgumentException(
          "%s: %d: %s has none; leave it out".formatted(option, value, protocol));
    }
  }

  private static int required(@Nullable Integer value, String option, Protocol protocol) {
    if (value == null) {
      throw new IllegalArgumentException("%s: is missing; %s needs it".formatted(option, protocol));
    }
    return value;
  }
}
