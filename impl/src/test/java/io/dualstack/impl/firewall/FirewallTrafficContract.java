package io.dualstack.impl.firewall;

import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.impl.firewall.cell.CellFilter;
import io.dualstack.impl.firewall.cell.CellModel;
import io.dualstack.impl.firewall.cell.Passage;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.testkit.lab.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * Whatever the rules, the kernel does to any packet what the model says. Rules and packets are
 * generated; those of a failure are made smaller, and the seed is told. The system property {@code
 * dualstack.traffic.tries} says how many rule sets are tried, each with some packets.
 */
public abstract class FirewallTrafficContract {
  private static final int TRIES = 12;
  private static final int PACKETS = 40;

  private static Lab hosts;
  private static CellLab lab;
  private static Namespace host;
  private static Path directory;

  /** Makes a back end of a host, with a file to lock in a directory that is there. */
  protected abstract FirewallBackend backend(CellModel model, Namespace host, Path directory);

  @BeforeContainer
  static void open() throws IOException {
    directory = Files.createTempDirectory("traffic");
    hosts = Lab.open();
    lab = new CellLab(hosts, directory);
    host = Namespace.open(lab.cell.namespace());
  }

  @AfterContainer
  static void close() {
    host.close();
    lab.close();
    hosts.close();
  }

  static final class Tries implements AroundPropertyHook {
    @Override
    public PropertyExecutionResult aroundProperty(
        PropertyLifecycleContext context, PropertyExecutor property) {
      context.attributes().setTries(Integer.getInteger("dualstack.traffic.tries", TRIES));
      return property.execute();
    }
  }

  @Provide
  Arbitrary<List<SecurityGroup>> groups() {
    return RandomTraffic.groups().list().ofMaxSize(2);
  }

  @Provide
  Arbitrary<PolicyRules> policies() {
    return RandomTraffic.policies(lab);
  }

  @Provide
  Arbitrary<List<Passage>> passages() {
    return RandomTraffic.passages(lab).list().ofSize(PACKETS);
  }

  @Property
  @AddLifecycleHook(Tries.class)
  void decides_about_packets_and_their_answers_as_the_model_does(
      @ForAll("groups") List<SecurityGroup> ofA,
      @ForAll("groups") List<SecurityGroup> ofB,
      @ForAll("policies") PolicyRules policies,
      @ForAll("passages") List<Passage> passages) {
    CellModel model = new CellModel(FirewallBackendContract.CELL);
    List<ContainerFirewall> containers =
        List.of(
            FirewallBackendContract.container(lab.a, ofA),
            FirewallBackendContract.container(lab.b, ofB));

    backend(model, host, directory).install(containers, policies);

    lab.assertAsModel(new CellFilter(model, containers, policies), passages);
  }
}
