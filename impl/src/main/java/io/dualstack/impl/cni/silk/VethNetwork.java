package io.dualstack.impl.cni.silk;

import static io.dualstack.impl.cni.protocol.Steps.step;

import io.dualstack.Meters;
import io.dualstack.cell.AttachedContainer;
import io.dualstack.cell.CellNetwork;
import io.dualstack.cell.Container;
import io.dualstack.cni.AddressRange;
import io.dualstack.cni.Attachment;
import io.dualstack.cni.CniDns;
import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;
import io.dualstack.cni.CniInterface;
import io.dualstack.cni.CniIp;
import io.dualstack.cni.CniResult;
import io.dualstack.cni.CniRoute;
import io.dualstack.cni.Ipam;
import io.dualstack.cni.IpamConfig;
import io.dualstack.cni.RangeSet;
import io.dualstack.firewall.ContainerEndpoint;
import io.dualstack.impl.cni.datastore.SilkStore;
import io.dualstack.impl.cni.link.LinkNames;
import io.dualstack.impl.cni.link.LinkPlan;
import io.dualstack.impl.cni.link.SourceGuard;
import io.dualstack.impl.cni.link.VethLink;
import io.dualstack.impl.cni.protocol.Steps;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Undo;
import io.dualstack.impl.kernel.rtnetlink.OwnAddresses;
import io.dualstack.impl.metrics.MeterNames;
import io.dualstack.impl.metrics.Timing;
import io.dualstack.lease.LeasedNetworks;
import io.dualstack.net.InterfaceAddress;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Containers on veth pairs with addresses of host-local.
 *
 * <p>The steps of an attachment, each undone if a later one fails: reserve addresses, enter the
 * container into the file, shut it, make the link. The file comes before the link, other than in
 * the original, so that {@link SourceGuard} is there as long as anybody needs it: it goes with the
 * last entry that has an IPv6 address, under the file's lock.
 */
public final class VethNetwork implements CellNetwork {
  private static final int LONGEST_IPV6_PREFIX = 126;
  private static final int SHORTEST_IPV6_PREFIX = 48;
  private static final int LONGEST_FIREWALL_NAME = 12;
  private static final int NAME_BEGINNING = 10;
  private static final IpPrefix ANY = IpFamily.IPV4.all();

  private final Setting setting;
  private final Supplier<LeasedNetworks> networks;
  private final Ipam ipam;
  private final Namespace host;
  private final SourceGuard guard;
  private final Shutter shutter;
  private final Meters meters;
  private final SilkStore store;
  private final VethLink link;

  /**
   * What of it is configured.
   *
   * @param name the network's name
   * @param dataDir addresses are kept below its {@code ipam}
   * @param datastore the file of containers
   * @param mtu of devices; 0 for the network's
   * @param proxyDevice the uplink to answer for IPv6 addresses on; empty for none
   */
  public record Setting(String name, Path dataDir, Path datastore, int mtu, String proxyDevice) {}

  /**
   * Creates the network of a host.
   *
   * @param networks asked for each attachment; may throw
   * @param host stays the caller's to close
   * @param guard of the same host
   * @param shutter shuts containers before they can be reached
   * @param meters never throw
   */
  public VethNetwork(
      Setting setting,
      Supplier<LeasedNetworks> networks,
      Ipam ipam,
      Namespace host,
      SourceGuard guard,
      Shutter shutter,
      Meters meters) {
    this.setting = setting;
    this.networks = networks;
    this.ipam = ipam;
    this.host = host;
    this.guard = guard;
    this.shutter = shutter;
    this.meters = meters;
    this.store = new SilkStore(setting.datastore());
    this.link = new VethLink(host, setting.proxyDevice());
  }

  @Override
  public CniResult attach(Container container) {
    return Timing.of(meters, MeterNames.ATTACH, Map.of(), () -> attachWhole(container));
  }

  private CniResult attachWhole(Container container) {
    LeasedNetworks given = step("discover network info", networks::get);
    int mtu = setting.mtu() == 0 ? given.mtu() : setting.mtu();
    IpamConfig ranges = step("check network info", () -> ranges(given, mtu));
    Undo undo = new Undo();
    try (Namespace namespace =
        step("open network namespace", () -> Namespace.open(container.namespace()))) {
      CniResult reserved =
          step("run ipam plugin", () -> reserve(ranges, container.attachment(), undo));
      LinkPlan plan = step("plan the link", () -> plan(container.ifName(), reserved, mtu));
      String handle = handle(container.namespace());
      step(
          "write container metadata",
          () -> store.add(handle, plan.ipv4(), plan.ipv6(), guard::install));
      undo.add(() -> store.remove(each -> each.handle().equals(handle), guard::remove));
      ContainerEndpoint endpoint = endpoint(handle, plan.ipv4(), plan.ipv6());
      undo.add(() -> shutter.forget(endpoint));
      step("put the firewall in force", () -> shutter.shut(endpoint));
      step("create the link", () -> link.create(namespace, plan));
      return result(plan, container.namespace());
    } catch (RuntimeException e) {
      undo.run(e);
      throw e;
    }
  }

  /**
   * Where a prefix is on a link of the host's, the host may have addresses in it that no container
   * may get. It is asked about the one that was chosen, as its list grows with every container.
   */
  private CniResult reserve(IpamConfig ranges, Attachment attachment, Undo undo) {
    CniResult reserved = ipam.add(ranges, attachment);
    undo.add(() -> ipam.release(ranges, attachment));
    Set<IpAddress> own = new HashSet<>();
    Optional<IpAddress> chosen = hostsOwn(reserved);
    while (chosen.isPresent()) {
      own.add(chosen.get());
      own.addAll(OwnAddresses.list(host));
      List<IpAddress> released = ipam.release(ranges, attachment);
      assert released.contains(chosen.get());
      reserved = ipam.add(Withholding.of(ranges, own), attachment);
      chosen = hostsOwn(reserved);
    }
    return reserved;
  }

  private Optional<IpAddress> hostsOwn(CniResult reserved) {
    return address(reserved, IpFamily.IPV6).filter(ipv6 -> OwnAddresses.has(host, ipv6));
  }

  private static ContainerEndpoint endpoint(
      String handle, IpAddress ipv4, @Nullable IpAddress ipv6) {
    return new ContainerEndpoint(
        firewallName(handle, ipv4), LinkNames.of(ipv4).hostDevice(), ipv4, ipv6);
  }

  /**
   * Firewalls name chains by what names begin with, some by no more than twelve characters. Of long
   * ones that may all be the same, so these begin with the address.
   */
  private static String firewallName(String handle, IpAddress ipv4) {
    return handle.length() <= LONGEST_FIREWALL_NAME
        ? handle
        : "%08x-%s".formatted(ipv4.low(), handle.substring(0, NAME_BEGINNING));
  }

  /**
   * Returns what tells an attached container to a firewall.
   *
   * @throws IllegalArgumentException if it is not attached
   */
  public ContainerEndpoint endpoint(Container container) {
    String handle = handle(container.namespace());
    return attached().stream()
        .filter(each -> each.handle().equals(handle))
        .findFirst()
        .map(each -> endpoint(handle, each.ipv4(), each.ipv6Address()))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    container.id() + ": is not attached; attach it first"));
  }

  private IpamConfig ranges(LeasedNetworks given, int mtu) {
    List<RangeSet> sets = new ArrayList<>();
    sets.add(RangeSet.of(AddressRange.of(given.overlaySubnet())));
    given
        .ipv6()
        .ifPresent(
            prefix -> {
              LinkPlan.checkIpv6Mtu(mtu);
              if (prefix.length() > LONGEST_IPV6_PREFIX || prefix.length() < SHORTEST_IPV6_PREFIX) {
                throw new IllegalArgumentException(
                    "ipv6_prefix: %s: is no prefix of a cell; use a length of %d to %d"
                        .formatted(prefix, SHORTEST_IPV6_PREFIX, LONGEST_IPV6_PREFIX));
              }
              sets.add(RangeSet.of(AddressRange.of(prefix)));
            });
    return new IpamConfig(setting.name(), ipamDirectory(), sets, List.of(), null);
  }

  /** For what needs no ranges: the range plays no part in it. */
  private IpamConfig anyRange() {
    return IpamConfig.of(setting.name(), ipamDirectory(), RangeSet.of(AddressRange.of(ANY)));
  }

  private Path ipamDirectory() {
    return setting.dataDir().resolve("ipam");
  }

  private static LinkPlan plan(String ifName, CniResult addresses, int mtu) {
    return new LinkPlan(
        address(addresses, IpFamily.IPV4)
            .orElseThrow(() -> new IllegalArgumentException("there is no IPv4 address")),
        address(addresses, IpFamily.IPV6).orElse(null),
        mtu,
        ifName);
  }

  private static Optional<IpAddress> address(CniResult result, IpFamily family) {
    return result.ips().stream()
        .map(ip -> ip.address().address())
        .filter(address -> address.family() == family)
        .findFirst();
  }

  private static String handle(Path namespace) {
    return String.valueOf(namespace.getFileName());
  }

  private static CniResult result(LinkPlan plan, Path namespace) {
    LinkNames names = LinkNames.of(plan.ipv4());
    List<CniInterface> interfaces =
        List.of(
            CniInterface.of(names.hostDevice(), names.hostMac().toString(), ""),
            CniInterface.of(plan.ifName(), names.containerMac().toString(), namespace.toString()));
    List<CniIp> ips = new ArrayList<>(List.of(ip(plan.ipv4(), LinkNames.HOST_IPV4)));
    List<CniRoute> routes =
        new ArrayList<>(List.of(CniRoute.of(IpFamily.IPV4.all(), LinkNames.HOST_IPV4)));
    @Nullable IpAddress ipv6 = plan.ipv6();
    if (ipv6 != null) {
      ips.add(ip(ipv6, LinkNames.HOST_IPV6));
      routes.add(CniRoute.of(IpFamily.IPV6.all(), LinkNames.HOST_IPV6));
    }
    return new CniResult(interfaces, ips, routes, CniDns.NONE, Map.of());
  }

  private static CniIp ip(IpAddress address, IpAddress gateway) {
    return CniIp.of(InterfaceAddress.of(address, address.family().bits()), gateway).onInterface(1);
  }

  @Override
  public void detach(Container container) {
    detach(container.attachment(), container.namespace());
  }

  /**
   * Takes a container off the network. Its addresses go last, and only if all else is gone: they
   * are what tells the next attempt of what there may still be, and nobody else may have one
   * before.
   *
   * @param file its namespace; null if the runtime does not know it any more
   */
  public void detach(Attachment attachment, @Nullable Path file) {
    Timing timing = Timing.start(meters, MeterNames.DETACH);
    try {
      detachWhole(attachment, file);
    } catch (RuntimeException | Error e) {
      timing.failed(e);
      throw e;
    }
    timing.ended(Timing.OK);
  }

  private void detachWhole(Attachment attachment, @Nullable Path file) {
    Steps steps = new Steps();
    List<IpAddress> held = new ArrayList<>();
    steps.attempt("run ipam plugin", () -> held.addAll(ipam.held(anyRange(), attachment)));
    steps.attempt("remove the link", () -> removeContainerEnd(attachment, file));
    removeTraces(steps, held, each -> file != null && each.handle().equals(handle(file)));
    steps.throwFailure();
    List<IpAddress> released = step("run ipam plugin", () -> ipam.release(anyRange(), attachment));
    assert held.containsAll(released);
  }

  private void removeContainerEnd(Attachment attachment, @Nullable Path file) {
    Optional<Namespace> namespace =
        file == null || !Files.exists(file) ? Optional.empty() : Namespace.tryOpen(file);
    if (namespace.isPresent()) {
      try (Namespace opened = namespace.get()) {
        link.removeContainerEnd(opened, attachment.ifName());
      }
    }
  }

  /** What may still be there when a namespace was gone before its container. */
  private void removeTraces(
      Steps steps, List<IpAddress> addresses, Predicate<AttachedContainer> alsoThese) {
    for (IpAddress address : addresses) {
      if (address.family() == IpFamily.IPV4) {
        steps.attempt("remove the link", () -> link.removeHostEnd(address));
      } else {
        steps.attempt("remove the proxy neighbor", () -> link.removeProxy(address));
      }
    }
    // What a container's rules are for is gone first, and who it was is forgotten last.
    if (!steps.haveFailed()) {
      Predicate<AttachedContainer> these =
          each -> alsoThese.test(each) || addresses.contains(each.ipv4());
      steps.attempt("remove the firewall", () -> forget(these));
      if (!steps.haveFailed()) {
        steps.attempt("delete container metadata", () -> store.remove(these, guard::remove));
      }
    }
  }

  private void forget(Predicate<AttachedContainer> these) throws IOException {
    for (AttachedContainer each : store.read()) {
      if (these.test(each)) {
        shutter.forget(endpoint(each.handle(), each.ipv4(), each.ipv6Address()));
      }
    }
  }

  @Override
  public void check(Container container, CniResult attached) {
    step("run ipam plugin", () -> ipam.check(anyRange(), container.attachment()));
    try (Namespace namespace =
        step("open network namespace", () -> Namespace.open(container.namespace()))) {
      step(
          "check the link",
          () ->
              link.check(
                  namespace, plan(container.ifName(), attached, LinkPlan.SMALLEST_IPV6_MTU)));
    }
  }

  @Override
  public void collect(Set<Attachment> valid) {
    Steps steps = new Steps();
    List<IpAddress> abandoned = new ArrayList<>();
    steps.attempt("run ipam plugin", () -> abandoned.addAll(ipam.abandoned(anyRange(), valid)));
    removeTraces(steps, abandoned, each -> false);
    steps.throwFailure();
    List<IpAddress> released = step("run ipam plugin", () -> ipam.collect(anyRange(), valid));
    assert abandoned.containsAll(released);
  }

  @Override
  public void checkAvailable() {
    try {
      LeasedNetworks given = step("discover network info", networks::get);
      int mtu = setting.mtu() == 0 ? given.mtu() : setting.mtu();
      IpamConfig ranges = step("check network info", () -> ranges(given, mtu));
      ipam.status(
          step("check network info", () -> Withholding.of(ranges, OwnAddresses.list(host))));
    } catch (CniException e) {
      throw new CniException(CniErrorCode.NOT_AVAILABLE, e.message(), e.details(), e);
    }
  }

  @Override
  public List<AttachedContainer> attached() {
    return step("read container metadata", store::read);
  }
}
