package io.dualstack.impl.firewall;

import static java.util.Objects.requireNonNull;

import io.dualstack.Dualstack;
import io.dualstack.cell.Cell;
import io.dualstack.cell.CellConfig;
import io.dualstack.cell.Container;
import io.dualstack.cni.CniResult;
import io.dualstack.firewall.CellFirewall;
import io.dualstack.firewall.ConnectionState;
import io.dualstack.firewall.ContainerEndpoint;
import io.dualstack.firewall.Packet;
import io.dualstack.firewall.Service;
import io.dualstack.firewall.Verdict;
import io.dualstack.impl.cni.link.LinkNames;
import io.dualstack.impl.firewall.cell.CellFilter;
import io.dualstack.impl.firewall.cell.CellWorld;
import io.dualstack.impl.firewall.cell.Passage;
import io.dualstack.lease.LeasedNetworks;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import io.dualstack.net.Protocol;
import io.dualstack.testkit.lab.Capture;
import io.dualstack.testkit.lab.CapturedPacket;
import io.dualstack.testkit.lab.ForgedPackets;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabHost;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A cell with two containers, a host that stands for the world, and one that stands for the cells
 * behind the overlay; and means to compare what the cell does to packets with what the model says.
 */
final class CellLab implements AutoCloseable {
  private static final int SENTINEL_PORT = 9;
  private static final int FIRST_PORT = 10_000;
  private static final int PORTS = 50_000;

  /** As many as tell what is wrong; each is waited for. */
  private static final int MOST_LOST = 3;

  static final IpAddress FAR = IpAddress.parse("10.255.9.9");

  /** Containers on other cells, by the mark that their packets come with. */
  private static final Map<IpAddress, Long> MARKS =
      Map.of(
          IpAddress.parse("10.255.9.1"), 1L,
          IpAddress.parse("10.255.9.2"), 2L,
          IpAddress.parse("10.255.9.3"), CellFirewall.INGRESS_MARK);

  final LabHost cell;
  final LabHost world;
  final LabHost far;
  final LabHost containerA;
  final LabHost containerB;
  final ContainerEndpoint a;
  final ContainerEndpoint b;
  private final Dualstack dualstack = Dualstack.builder().build();
  private final Cell network;
  private final Map<String, Capture> captures = new LinkedHashMap<>();
  private final MacAddress cellMac;
  private final MacAddress overlayMac;
  private int shots;
  private int texts;

  CellLab(Lab lab, Path directory) {
    cell = lab.host("cell");
    world = lab.host("world");
    far = lab.container("far");
    containerA = lab.container("a");
    containerB = lab.container("b");
    network =
        dualstack.cell(
            CellConfig.of(
                    new LeasedNetworks(IpPrefix.parse("10.255.1.0/24"), 1450, CellWorld.OWN),
                    directory)
                .inNamespace(cell.namespace()));
    a = attach(containerA);
    b = attach(containerB);
    cell.ip(
        "link add name %s type veth peer name eth0 netns %s"
            .formatted(CellWorld.OVERLAY, far.namespace()),
        "link set dev %s up".formatted(CellWorld.OVERLAY),
        "route add 10.255.0.0/16 dev " + CellWorld.OVERLAY,
        "address add 169.254.0.2/32 dev lo",
        "address add 169.254.0.3/32 dev lo",
        "route add default via " + world.address(IpFamily.IPV4),
        "route add default via " + world.address(IpFamily.IPV6));
    String worldMac = mac(world, "eth0").toString();
    for (String caller : List.of("172.31.0.9", "2001:db8:ff::9")) {
      cell.ip("neigh replace %s lladdr %s dev eth0 nud permanent".formatted(caller, worldMac));
    }
    List<IpAddress> behindOverlay = new ArrayList<>(RandomTraffic.OVERLAY);
    behindOverlay.add(FAR);
    behindOverlay.forEach(
        address ->
            cell.ip(
                "neigh replace %s lladdr 02:00:00:00:00:09 dev %s nud permanent"
                    .formatted(address, CellWorld.OVERLAY)));
    world.ip(
        "route add 10.255.1.0/24 via " + cell.address(IpFamily.IPV4),
        "route add %s via %s".formatted(CellWorld.OWN, cell.address(IpFamily.IPV6)));
    far.ip("link set dev eth0 up", "address add 10.255.9.9/32 dev eth0");
    for (String device : List.of("all", "eth0", CellWorld.OVERLAY)) {
      cell.write("net/ipv4/conf/%s/rp_filter".formatted(device), "0");
    }
    StringBuilder marks = new StringBuilder();
    MARKS.forEach(
        (source, mark) -> marks.append(" ip saddr %s meta mark set %d;".formatted(source, mark)));
    cell.run(
        "nft",
        "table ip lab { chain marks { type filter hook prerouting priority -300;%s }; }"
            .formatted(marks));
    world.write("net/ipv4/ip_forward", "0");
    world.write("net/ipv6/conf/all/forwarding", "0");
    cellMac = mac(cell, "eth0");
    overlayMac = mac(cell, CellWorld.OVERLAY);
    capture("eth0", world, "eth0");
    capture(CellWorld.OVERLAY, far, "eth0");
    capture(a.device(), containerA, "eth0");
    capture(b.device(), containerB, "eth0");
  }

  private ContainerEndpoint attach(LabHost container) {
    CniResult result =
        network.network().attach(Container.of(container.name(), container.namespace()));
    IpAddress ipv4 = result.ips().get(0).address().address();
    return new ContainerEndpoint(
        container.name() + "-1111-4222-8333-444444444444",
        LinkNames.of(ipv4).hostDevice(),
        ipv4,
        result.ips().get(1).address().address());
  }

  private static MacAddress mac(LabHost host, String device) {
    String shown = host.run("ip", "-oneline", "link", "show", "dev", device);
    return MacAddress.parse(shown.substring(shown.indexOf("link/ether ") + 11).split(" ", 2)[0]);
  }

  private void capture(String cellDevice, LabHost host, String device) {
    captures.put(cellDevice, host.capture(device));
  }

  // Packets

  Passage from(ContainerEndpoint source, IpAddress to, Service service) {
    Packet packet = packet(source.address(to.family()).orElseThrow(), to, service, 0);
    String out =
        to.family() == IpFamily.IPV4 && IpPrefix.parse("10.255.0.0/16").contains(to)
            ? CellWorld.OVERLAY
            : "eth0";
    return new Passage(packet, source.device(), deviceOf(to, out));
  }

  Passage fromWorld(IpAddress from, ContainerEndpoint to, Service service) {
    return new Passage(
        packet(from, to.address(from.family()).orElseThrow(), service, 0), "eth0", to.device());
  }

  Passage fromOverlay(IpAddress from, ContainerEndpoint to, Service service) {
    return new Passage(
        packet(from, to.ipv4(), service, MARKS.getOrDefault(from, 0L)),
        CellWorld.OVERLAY,
        to.device());
  }

  private String deviceOf(IpAddress address, String otherwise) {
    for (ContainerEndpoint container : List.of(a, b)) {
      if (container.address(address.family()).orElseThrow().equals(address)) {
        return container.device();
      }
    }
    return otherwise;
  }

  private static Packet packet(IpAddress from, IpAddress to, Service service, long mark) {
    return new Packet(from, to, service, state(service), mark);
  }

  /** What the kernel makes of packets about which it knows nothing. */
  private static ConnectionState state(Service service) {
    int type = service.detail() >> 8;
    if (service.protocol().equals(Protocol.ICMPV6)) {
      return type == 128
          ? ConnectionState.NEW
          : type >= 133 && type <= 137 ? ConnectionState.UNTRACKED : ConnectionState.INVALID;
    }
    return service.protocol().equals(Protocol.ICMP) && type != 8
        ? ConnectionState.INVALID
        : ConnectionState.NEW;
  }

  /** Sends a packet from a port of its own, so that none answers another. */
  private String send(Passage passage) {
    return send(passage, FIRST_PORT + ++shots % PORTS);
  }

  /** Sends a packet, with a text in it that no other has. */
  private String send(Passage passage, int from) {
    String text = "shot-%05d.".formatted(++texts);
    Packet packet = passage.packet();
    int detail = packet.service().detail();
    Protocol protocol = packet.service().protocol();
    byte[] bytes =
        protocol.isIcmp()
            ? ForgedPackets.icmp(
                packet.source(), packet.destination(), detail >> 8, detail & 255, from, text)
            : protocol.equals(Protocol.TCP)
                ? ForgedPackets.tcp(packet.source(), from, packet.destination(), detail, text)
                : ForgedPackets.udp(packet.source(), from, packet.destination(), detail, text);
    if (passage.in().equals("eth0")) {
      world.send("eth0", cellMac, bytes);
    } else if (passage.in().equals(CellWorld.OVERLAY)) {
      far.send("eth0", overlayMac, bytes);
    } else {
      ContainerEndpoint source = passage.in().equals(a.device()) ? a : b;
      (source.equals(a) ? containerA : containerB)
          .send("eth0", LinkNames.of(source.ipv4()).hostMac(), bytes);
    }
    return text;
  }

  private static boolean isIt(CapturedPacket seen, Passage passage, String text) {
    return seen.payload().contains(text)
        && seen.destination().equals(passage.packet().destination());
  }

  private CapturedPacket await(Passage passage, String text) {
    return capture(passage).await(seen -> isIt(seen, passage, text));
  }

  /**
   * Sends packets, and answers to datagrams among them, and fails unless those arrive, and no
   * others, that pass in the model. What answers a datagram that did not pass is a new connection.
   */
  void assertAsModel(CellFilter model, List<Passage> passages) {
    Map<String, Passage> stopped = new LinkedHashMap<>();
    List<String> wrong = new ArrayList<>();
    for (Passage passage : passages) {
      if (wrong.size() == MOST_LOST) {
        break;
      }
      int port = FIRST_PORT + ++shots % PORTS;
      boolean passes = passes(model, passage, port, stopped, wrong);
      if (isAnswered(passage)) {
        Passage answer = answer(passage, port, passes);
        boolean comesBack =
            passes(model, answer, passage.packet().service().detail(), stopped, wrong);
        if (passes && !comesBack) {
          wrong.add(answer + ": answers what passed and is stopped in the model");
        }
      }
    }
    sentinels();
    stopped.forEach(
        (text, passage) -> {
          if (hasArrived(passage, text)) {
            wrong.add(
                passage
                    + ": is stopped in the model by "
                    + model.outcome(passage).rule()
                    + " and arrived");
          }
        });
    if (!wrong.isEmpty()) {
      throw new AssertionError(
          wrong.size() + " of " + passages.size() + ":\n" + String.join("\n", wrong));
    }
  }

  /** Sends a packet; returns whether it passes in the model. */
  private boolean passes(
      CellFilter model,
      Passage passage,
      int from,
      Map<String, Passage> stopped,
      List<String> wrong) {
    CellFilter.Outcome outcome = model.outcome(passage);
    String text = send(passage, from);
    if (outcome.verdict() != Verdict.ACCEPT) {
      stopped.put(text, passage);
      return false;
    }
    try {
      CapturedPacket seen = await(passage, text);
      assert seen != null;
    } catch (AssertionError lost) {
      wrong.add(passage + ": passes in the model by " + outcome.rule() + " and did not arrive");
    }
    return true;
  }

  /** Answers to what leaves a container by a translated address are for that. */
  private static boolean isAnswered(Passage passage) {
    Packet packet = passage.packet();
    List<String> others = List.of("eth0", CellWorld.OVERLAY);
    boolean isTranslated =
        packet.family() == IpFamily.IPV4
            && !others.contains(passage.in())
            && !passage.out().equals(CellWorld.OVERLAY);
    return packet.service().protocol().equals(Protocol.UDP) && !isTranslated;
  }

  private static Passage answer(Passage passage, int port, boolean isKnown) {
    Packet packet = passage.packet();
    boolean isFromOverlay = passage.out().equals(CellWorld.OVERLAY);
    return new Passage(
        new Packet(
            packet.destination(),
            packet.source(),
            Service.port(Protocol.UDP, port),
            isKnown ? ConnectionState.ESTABLISHED : ConnectionState.NEW,
            isFromOverlay ? MARKS.getOrDefault(packet.destination(), 0L) : 0),
        passage.out(),
        passage.in());
  }

  /** Sends packets and counts those that arrive. */
  long arriving(List<Passage> passages) {
    Map<String, Passage> sent = new LinkedHashMap<>();
    passages.forEach(passage -> sent.put(send(passage), passage));
    sentinels();
    return sent.entrySet().stream()
        .filter(shot -> hasArrived(shot.getValue(), shot.getKey()))
        .count();
  }

  /**
   * Fails unless a container is told by a router in the world that a packet was too big.
   *
   * @param sent whether the container sent that packet before; else nobody did
   */
  void assertToldTooBig(ContainerEndpoint container, boolean sent) {
    Passage asked =
        from(container, IpAddress.parse("2001:db8:77::1"), Service.port(Protocol.UDP, 7000));
    String text = "shot-%05d.".formatted(++shots);
    IpAddress own = asked.packet().source();
    byte[] quoted =
        ForgedPackets.udp(own, 10_000 + shots, asked.packet().destination(), 7000, text);
    if (sent) {
      (container.equals(a) ? containerA : containerB)
          .send("eth0", LinkNames.of(container.ipv4()).hostMac(), quoted);
      CapturedPacket seen = await(asked, text);
      assert seen != null;
    }
    IpAddress router = IpAddress.parse("2001:db8:77::5");
    world.send("eth0", cellMac, ForgedPackets.packetTooBig(router, own, 1280, quoted));
    CapturedPacket told =
        await(fromWorld(router, container, Service.icmp(Protocol.ICMPV6, 2, 0)), text);
    assert told != null;
  }

  private boolean hasArrived(Passage passage, String text) {
    return capture(passage).packets().stream().anyMatch(seen -> isIt(seen, passage, text));
  }

  private Capture capture(Passage passage) {
    return requireNonNull(captures.get(passage.out()), passage.out());
  }

  /**
   * What every firewall lets through is sent behind the others, on every way they may have come.
   */
  private void sentinels() {
    List<Passage> last = new ArrayList<>();
    Service service = Service.port(Protocol.UDP, SENTINEL_PORT);
    Service tooBig = Service.icmp(Protocol.ICMPV6, 2, 0);
    last.add(from(a, IpAddress.parse("2001:db8:77::9"), tooBig));
    last.add(from(b, IpAddress.parse("2001:db8:77::9"), tooBig));
    last.add(from(a, b.address(IpFamily.IPV6).orElseThrow(), tooBig));
    last.add(from(b, a.address(IpFamily.IPV6).orElseThrow(), tooBig));
    for (ContainerEndpoint container : List.of(a, b)) {
      last.add(fromWorld(IpAddress.parse("2001:db8:77::1"), container, tooBig));
      last.add(fromOverlay(IpAddress.parse("10.255.9.3"), container, service));
    }
    last.forEach(
        passage -> {
          CapturedPacket seen = await(passage, send(passage));
          assert seen != null;
        });
  }

  @Override
  public void close() {
    network.close();
    dualstack.close();
  }
}
