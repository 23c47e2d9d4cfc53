package io.dualstack.impl.firewall.setup;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.Severity;
import io.dualstack.firewall.BackendKind;
import io.dualstack.firewall.BoundSecurityGroup;
import io.dualstack.firewall.CellFirewall;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.impl.cni.protocol.Fields;
import io.dualstack.impl.cni.wrapper.CellFirewallReader;
import io.dualstack.impl.cni.wrapper.FileFields;
import io.dualstack.impl.config.JsonFile;
import io.dualstack.impl.firewall.FirewallBackend;
import io.dualstack.impl.firewall.KernelInput;
import io.dualstack.impl.firewall.RuleOptions;
import io.dualstack.impl.firewall.SecurityGroupFile;
import io.dualstack.impl.firewall.backend.Backends;
import io.dualstack.impl.http.JsonBody.MalformedException;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.policy.agent.PolicyPlan;
import io.dualstack.impl.policy.http.PolicyDocument;
import io.dualstack.policy.TaggedPolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The firewall of a whole cell, as files say it. The same files give the same rules.
 *
 * @param backend what enforces it
 * @param lockFile held while rules are changed by iptables
 * @param cell what is the same for all containers
 * @param containers the containers in the order of their file
 * @param policies which containers may reach which
 * @param source the file of containers, for refusals
 */
public record CellSetup(
    BackendKind backend,
    Path lockFile,
    CellFirewall cell,
    List<ContainerFirewall> containers,
    PolicyRules policies,
    Path source) {
  private static final Pattern POLICY = Pattern.compile("policies\\[(\\d+)\\]: .*", Pattern.DOTALL);

  /** Copies the list. */
  public CellSetup {
    containers = List.copyOf(containers);
  }

  /** What the configuration says. */
  private record Basis(BackendKind backend, Path lockFile, CellFirewall cell) {}

  /**
   * Reads files.
   *
   * @param options how security groups are read; IPv6 is off for the cell where it is off there
   * @param backend what enforces the rules; null for what the configuration says
   * @param underlay finds the devices of addresses
   * @throws java.io.UncheckedIOException if one can't be read
   * @throws InvalidConfigurationException with what is wrong in one, and its JSON pointer
   */
  public static CellSetup read(
      SetupFiles files,
      RuleOptions options,
      @Nullable BackendKind backend,
      Function<Fields, List<String>> underlay) {
    Basis basis =
        FileFields.read(
            files.config(),
            fields ->
                new Basis(
                    backend == null ? CellFirewallReader.backend(fields) : backend,
                    CellFirewallReader.lockFile(fields),
                    cell(fields, options.ipv6(), underlay)));
    ContainersFile containers = ContainersFile.read(files.containers(), basis.cell().ipv6());
    List<BoundSecurityGroup> groups = SecurityGroupFile.readBound(files.groups(), options);
    Path policies = files.policies();
    return new CellSetup(
        basis.backend(),
        basis.lockFile(),
        basis.cell(),
        containers.reaching(groups),
        PolicyPlan.of(
            containers.described(),
            policies == null ? List.of() : policies(policies),
            List.of(),
            OptionalInt.empty(),
            basis.cell().logging().containerToContainer()),
        files.containers());
  }

  private static CellFirewall cell(
      Fields fields, boolean ipv6, Function<Fields, List<String>> underlay) {
    CellFirewall cell = CellFirewallReader.read(fields, underlay);
    if (ipv6 && cell.ipv6() == null) {
      throw fields.refused(
          "ipv6_prefix", "is missing; give the prefix of the cell's containers, or leave IPv6 off");
    }
    return ipv6 ? cell : cell.withIpv6(null);
  }

  private static List<TaggedPolicy> policies(Path file) {
    JsonFile json = JsonFile.read(file);
    if (!json.root().path("policies").isArray()) {
      throw refused(json.source(), "/policies", "is no array; write {\"policies\": […]}");
    }
    try {
      return PolicyDocument.readTagged(json.root());
    } catch (MalformedException e) {
      String message = String.valueOf(e.getMessage());
      Matcher policy = POLICY.matcher(message);
      throw refused(
          json.source(), policy.matches() ? "/policies/" + policy.group(1) : "/policies", message);
    }
  }

  private static InvalidConfigurationException refused(
      String source, String pointer, String message) {
    return new InvalidConfigurationException(
        List.of(new Diagnostic(Severity.ERROR, source, pointer, 0, 0, "FirewallInvalid", message)));
  }

  /**
   * Returns what {@link #apply} gives the kernel of a host that has no rules yet. Changes nothing.
   *
   * @throws InvalidConfigurationException if the back end can't tell two containers apart
   */
  public List<KernelInput> compile(Namespace host) {
    return checked(() -> open(host).compile(containers, policies));
  }

  /**
   * Puts all of it in force, and takes away what is there of others.
   *
   * @param host the namespace of the cell
   * @throws InvalidConfigurationException if the back end can't tell two containers apart; then
   *     nothing has changed
   * @throws io.dualstack.KernelException if the kernel refuses
   */
  public void apply(Namespace host) {
    List<KernelInput> unused =
        checked(
            () -> {
              FirewallBackend open = open(host);
              open.install(containers, policies);
              return List.of();
            });
  }

  private FirewallBackend open(Namespace host) {
    return Backends.open(backend, cell, host, lockFile);
  }

  private interface Work {
    List<KernelInput> done();
  }

  private List<KernelInput> checked(Work work) {
    try {
      return work.done();
    } catch (IllegalArgumentException e) {
      throw refused(source.toString(), "", String.valueOf(e.getMessage()));
    }
  }
}
