package io.dualstack.impl.cni.wrapper;

import static io.dualstack.impl.cni.protocol.Steps.step;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cell.AttachedContainer;
import io.dualstack.cni.CniDns;
import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;
import io.dualstack.cni.CniInterface;
import io.dualstack.cni.CniResult;
import io.dualstack.cni.CniVersion;
import io.dualstack.firewall.ContainerEndpoint;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.Ipv6Firewall;
import io.dualstack.impl.cni.datastore.DescribedContainer;
import io.dualstack.impl.cni.datastore.MetadataStore;
import io.dualstack.impl.cni.link.LinkNames;
import io.dualstack.impl.cni.protocol.CniCall;
import io.dualstack.impl.cni.protocol.CniPlugin;
import io.dualstack.impl.cni.protocol.Steps;
import io.dualstack.impl.firewall.FirewallBackend;
import io.dualstack.impl.firewall.backend.Backends;
import io.dualstack.impl.firewall.backend.FirewallMeters;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Undo;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * cni-wrapper-plugin as container runtimes call it.
 *
 * <p>Other than in the original a failed ADD leaves nothing, and DEL says so when something is
 * left, so that the runtime calls again: rules go after the link that they are for. A container
 * that gets an IPv6 address where the firewall has no IPv6 is refused, as it would be open to all.
 */
public final class WrapperPlugin implements CniPlugin {
  private final Namespace host;
  private final Delegate delegate;
  private final OpenBackends backends;

  /**
   * Creates the plugin.
   *
   * @param host the cell's namespace
   * @param own plugins of this process that it can delegate to, by their type
   */
  public WrapperPlugin(Namespace host, Map<String, CniPlugin> own) {
    this(host, own, FirewallMeters.NONE);
  }

  /**
   * Creates the plugin.
   *
   * @param host the cell's namespace
   * @param own plugins of this process that it can delegate to, by their type
   * @param meters those of the process
   */
  public WrapperPlugin(Namespace host, Map<String, CniPlugin> own, FirewallMeters meters) {
    this(host, own, (kind, cell, lockFile) -> Backends.open(kind, cell, host, lockFile, meters));
  }

  WrapperPlugin(Namespace host, Map<String, CniPlugin> own, OpenBackends.Opener opener) {
    this.host = host;
    this.delegate = new Delegate(own, host);
    this.backends = new OpenBackends(opener);
  }

  @Override
  public String about() {
    return "CNI wrapper plugin of Dualstack";
  }

  @Override
  public List<CniVersion> versions() {
    return Arrays.stream(CniVersion.values())
        .filter(version -> version.isAtLeast(CniVersion.V0_3_0))
        .toList();
  }

  private WrapperConfig config(CniCall call) {
    return WrapperConfig.read(call, fields -> UnderlayDevices.of(fields, host));
  }

  @Override
  public CniResult add(CniCall call) {
    WrapperConfig config = config(call);
    FirewallBackend backend = backends.of(config);
    PolicyAgent agent = new PolicyAgent(host, config.agent());
    MetadataStore store = new MetadataStore(config.datastore());
    Undo undo = new Undo();
    try {
      step("shut what no container has rules for", backend::prepare);
      CniResult attached = step("run delegate", () -> delegate.add(call, config.delegate()));
      AtomicReference<ContainerEndpoint> guarded = new AtomicReference<>();
      undo.add(() -> detach(call, config, backend, Optional.ofNullable(guarded.get())));
      ContainerFirewall container =
          step("read the delegate's result", () -> container(call, config, attached));
      ContainerEndpoint endpoint = container.endpoint();
      guarded.set(endpoint);
      step("put the firewall in force", () -> backend.put(container));
      undo.add(() -> store.remove(call.containerId()));
      step("write container metadata", () -> store.add(described(endpoint, config.metadata())));
      step("have policies put in force", agent::poll);
      if (!step("have security groups put in force", () -> agent.putGroups(call.containerId()))) {
        step(
            "put the container's rules in force",
            () -> backend.egress(container.reaching(List.of(config.egress()))));
      }
      return attached.withDns(dns(attached.dns(), config.dnsServers()));
    } catch (RuntimeException e) {
      undo.run(e);
      throw e;
    }
  }

  /** The link first: were it to stay, its container would be open without rules. */
  private void detach(
      CniCall call,
      WrapperConfig config,
      FirewallBackend backend,
      Optional<ContainerEndpoint> guarded) {
    delegate.del(call, config.delegate());
    guarded.ifPresent(backend::remove);
  }

  private static ContainerFirewall container(
      CniCall call, WrapperConfig config, CniResult attached) {
    IpAddress ipv4 =
        address(attached, IpFamily.IPV4)
            .orElseThrow(() -> new IllegalArgumentException("there is no IPv4 address"));
    Optional<IpAddress> ipv6 = address(attached, IpFamily.IPV6);
    ipv6.ifPresent(address -> checkGuarded(config.cell().ipv6(), address));
    String device =
        hostDevice(attached)
            .orElseThrow(
                () -> new IllegalArgumentException("there is no device at the cell's end"));
    ContainerEndpoint endpoint =
        new ContainerEndpoint(call.containerId(), device, ipv4, ipv6.orElse(null));
    DescribedContainer described = described(endpoint, config.metadata());
    return new ContainerFirewall(
        endpoint, described.workload(), described.ports(), config.mappings(), List.of());
  }

  private static DescribedContainer described(ContainerEndpoint endpoint, ObjectNode metadata) {
    return new DescribedContainer(
        new AttachedContainer(endpoint.handle(), endpoint.ipv4(), endpoint.ipv6()), metadata);
  }

  private static void checkGuarded(@Nullable Ipv6Firewall ipv6, IpAddress address) {
    if (ipv6 == null) {
      throw new IllegalArgumentException(
          "ipv6_prefix: is missing, so %s would be open to all; give the cell's IPv6 prefix"
              .formatted(address));
    }
    if (!ipv6.own().contains(address)) {
      throw new IllegalArgumentException(
          "ipv6_prefix: %s: does not hold %s; give the prefix that containers are in"
              .formatted(ipv6.own(), address));
    }
  }

  private static Optional<IpAddress> address(CniResult result, IpFamily family) {
    return result.ips().stream()
        .map(ip -> ip.address().address())
        .filter(address -> address.family() == family)
        .findFirst();
  }

  private static Optional<String> hostDevice(CniResult result) {
    return result.interfaces().stream()
        .filter(each -> each.sandbox().isEmpty())
        .map(CniInterface::name)
        .findFirst();
  }

  private static CniDns dns(CniDns given, List<String> servers) {
    return new CniDns(servers, given.domain(), given.search(), given.options(), given.others());
  }

  @Override
  public void del(CniCall call) {
    WrapperConfig config = config(call);
    MetadataStore store = new MetadataStore(config.datastore());
    Steps steps = new Steps();
    steps.attempt("run delegate", () -> delegate.del(call, config.delegate()));
    steps.throwFailure();
    FirewallBackend backend = backends.of(config);
    for (AttachedContainer container : entries(store, call.containerId())) {
      steps.attempt(
          "remove the firewall",
          () -> backend.remove(endpoint(container, call.config().prevResult())));
    }
    PolicyAgent agent = new PolicyAgent(host, config.agent());
    steps.attempt("have security groups removed", () -> agent.removeGroups(call.containerId()));
    steps.throwFailure();
    step("delete container metadata", () -> store.remove(call.containerId()));
  }

  private static List<AttachedContainer> entries(MetadataStore store, String handle) {
    return step("read container metadata", store::read).stream()
        .map(DescribedContainer::container)
        .filter(container -> container.handle().equals(handle))
        .toList();
  }

  private static ContainerEndpoint endpoint(
      AttachedContainer container, Optional<CniResult> attached) {
    return new ContainerEndpoint(
        container.handle(),
        attached
            .flatMap(WrapperPlugin::hostDevice)
            .orElseGet(() -> LinkNames.of(container.ipv4()).hostDevice()),
        container.ipv4(),
        container.ipv6Address());
  }

  @Override
  public void check(CniCall call) {
    WrapperConfig config = config(call);
    step("run delegate", () -> delegate.check(call, config.delegate()));
    if (entries(new MetadataStore(config.datastore()), call.containerId()).isEmpty()) {
      throw new CniException(
          CniErrorCode.STEP_FAILED,
          "check container metadata",
          "%s: there is no container %s".formatted(config.datastore(), call.containerId()),
          null);
    }
  }

  @Override
  public void gc(CniCall call) {
    WrapperConfig config = config(call);
    Set<String> valid =
        call.config().validAttachments().stream()
            .map(attachment -> attachment.containerId())
            .collect(Collectors.toSet());
    MetadataStore store = new MetadataStore(config.datastore());
    FirewallBackend backend = backends.of(config);
    step("run delegate", () -> delegate.gc(call, config.delegate()));
    Steps steps = new Steps();
    for (DescribedContainer each : step("read container metadata", store::read)) {
      AttachedContainer container = each.container();
      if (!valid.contains(container.handle())) {
        steps.attempt(
            "remove what is left of " + container.handle(),
            () -> {
              backend.remove(endpoint(container, Optional.empty()));
              store.remove(container.handle());
            });
      }
    }
    steps.throwFailure();
  }

  @Override
  public void status(CniCall call) {
    // In the delegate's own words, whose code tells the runtime what to do.
    delegate.status(call, config(call).delegate());
  }
}
