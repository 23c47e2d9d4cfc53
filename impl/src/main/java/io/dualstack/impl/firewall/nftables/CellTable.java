package io.dualstack.impl.firewall.nftables;

import io.dualstack.firewall.CellFirewall;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.FilterRule;
import io.dualstack.firewall.Match;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.firewall.PortMapping;
import io.dualstack.impl.firewall.cell.CellModel;
import io.dualstack.impl.firewall.cell.CellRule;
import io.dualstack.impl.firewall.cell.Path;
import io.dualstack.impl.firewall.cell.PathRules;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The table of a cell: the same few rules however many containers there are, which look a packet's
 * container up in maps, and what containers put into those.
 */
final class CellTable {
  static final String NAME = "dualstack_cell";
  static final String TABLE = "inet " + NAME;

  static final String TO_HOST = map(Path.TO_HOST);
  static final String EGRESS = map(Path.EGRESS);
  static final String POLICIES = "policies";
  static final String STAMP = "stamp";
  private static final String MAPPED_PORTS = "mapped_ports";
  private static final String MAPPED_MARKS = "mapped_marks";
  private static final String MASQUERADED = "masqueraded";

  /** The names of what containers or policies share: they tell the content. */
  private static final Pattern SHARED = Pattern.compile("[a-z_]+[46]?_[0-9a-f]{32}");

  private static final List<Path> FORWARDED =
      List.of(Path.EGRESS, Path.TO_OVERLAY, Path.FROM_UNDERLAY, Path.TO_CONTAINER, Path.ELSEWHERE);

  private final CellModel model;
  private final CellFirewall cell;

  CellTable(CellModel model) {
    this.model = model;
    this.cell = model.cell();
  }

  private static String map(Path path) {
    return path.name().toLowerCase(Locale.ROOT);
  }

  static boolean isShared(String name) {
    return SHARED.matcher(name).matches();
  }

  static String map(Path path, IpFamily family) {
    return map(path) + ChainText.digit(family);
  }

  // What is there without a container

  /** Returns the paths that packets of a family are looked up for: those that have rules. */
  private static boolean has(Path path, IpFamily family) {
    return switch (path) {
      case TO_HOST, EGRESS, TO_CONTAINER -> true;
      case TO_OVERLAY -> family == IpFamily.IPV4;
      case FROM_UNDERLAY, ELSEWHERE -> family == IpFamily.IPV6;
    };
  }

  /** Returns the whole table, with contents. */
  String text(String stamp, List<Element> elements, Collection<Definition> definitions) {
    Contents closing = new Contents();
    List<BaseChain> chains = chains(closing);
    Map<String, Definition> all = new LinkedHashMap<>(closing.definitions());
    definitions.forEach(each -> all.putIfAbsent(each.name(), each));
    Map<String, List<String>> inMaps =
        elements.stream()
            .collect(
                Collectors.groupingBy(
                    element -> element.place().map(),
                    Collectors.mapping(Element::text, Collectors.toList())));
    StringBuilder text = new StringBuilder("table " + TABLE + " {\n");
    maps(cell.families()).forEach((name, type) -> text.append(map(name, type, inMaps)));
    text.append("  set %s {\n    type mark\n    elements = { %s }\n  }\n".formatted(STAMP, stamp));
    all.values().forEach(each -> text.append(each.text()));
    chains.forEach(chain -> text.append(chain.text()));
    return text.append("}\n").toString();
  }

  /**
   * Returns what fills chains anew in one transaction.
   *
   * @param names the table's own chains, which may be missing, or others that are defined here
   * @param there what is in the table
   */
  String refilling(List<String> names, Collection<Definition> definitions, TableState there) {
    Contents closing = new Contents();
    List<BaseChain> own =
        chains(closing).stream().filter(chain -> names.contains(chain.name())).toList();
    StringBuilder text = new StringBuilder("table " + TABLE + " {\n");
    missing(there).forEach((name, type) -> text.append(map(name, type, Map.of())));
    text.append("}\n").append(emptying(own, names)).append("table " + TABLE + " {\n");
    closing.definitions().values().stream()
        .filter(each -> !there.isDefined(each.name()))
        .forEach(each -> text.append(each.text()));
    own.forEach(chain -> text.append(chain.text()));
    definitions.stream()
        .filter(each -> names.contains(each.name()))
        .forEach(each -> text.append(each.text()));
    return text.append("}\n").toString();
  }

  private static String emptying(List<BaseChain> own, List<String> names) {
    StringBuilder text = new StringBuilder("table " + TABLE + " {\n");
    own.forEach(chain -> text.append(new BaseChain(chain.name(), chain.hook(), List.of()).text()));
    text.append("}\n");
    names.forEach(name -> text.append("flush chain %s %s\n".formatted(TABLE, name)));
    return text.toString();
  }

  /**
   * Returns what makes the table's own maps and chains those of this cell, where the table was made
   * for a cell without IPv6, or for one with it and this is without. What containers have is left
   * alone. Empty if there is nothing to do.
   *
   * @param there what is in the table
   * @param mayShrink whether IPv6 is taken out; it never is while a container has rules by it
   * @param next the stamp to turn to
   */
  Optional<TableState.Change> fitting(TableState there, boolean mayShrink, String next) {
    Set<String> foreign = foreign(there);
    if (!foreign.isEmpty() && (!mayShrink || there.hasElementsIn(foreign))) {
      return Optional.empty();
    }
    Map<String, String> missing = missing(there);
    TableState wanted = new TableState(there.stamp());
    noteOwn(wanted);
    List<String> altered = there.altered(wanted);
    if (missing.isEmpty() && foreign.isEmpty() && altered.isEmpty()) {
      return Optional.empty();
    }
    Contents closing = new Contents();
    List<BaseChain> own =
        chains(closing).stream().filter(chain -> altered.contains(chain.name())).toList();
    StringBuilder preparing = new StringBuilder("table " + TABLE + " {\n");
    missing.forEach((name, type) -> preparing.append(map(name, type, Map.of())));
    closing.definitions().values().stream()
        .filter(each -> !there.isDefined(each.name()))
        .forEach(each -> preparing.append(each.text()));
    StringBuilder turning = new StringBuilder(there.turnedTo(next));
    turning.append(emptying(own, altered)).append("table " + TABLE + " {\n");
    own.forEach(chain -> turning.append(chain.text()));
    return Optional.of(
        new TableState.Change(
            preparing.append("}\n").toString(),
            turning.append("}\n").toString(),
            foreign.stream()
                .map(name -> "delete map %s %s\n".formatted(TABLE, name))
                .collect(Collectors.joining())));
  }

  private Map<String, String> missing(TableState there) {
    Map<String, String> missing = maps(cell.families());
    missing.keySet().removeAll(there.own());
    return missing;
  }

  /**
   * Returns the maps of this cell's families. What a container has in others is left there: it may
   * be there before the cell loses IPv6, and is shut as long as it is.
   */
  List<String> ownMaps() {
    return List.copyOf(maps(cell.families()).keySet());
  }

  /** Returns the maps of a family that this cell does not have, and another process's has. */
  Set<String> foreign(TableState there) {
    Set<String> foreign = new TreeSet<>(types().keySet());
    foreign.removeAll(maps(cell.families()).keySet());
    foreign.remove(STAMP);
    foreign.retainAll(there.own());
    return foreign;
  }

  /** Notes the table's own chains and what they use, whoever is there. */
  void noteOwn(TableState state) {
    maps(cell.families()).keySet().forEach(state::noteOwn);
    Contents closing = new Contents();
    chains(closing).forEach(chain -> state.noteRules(chain.name(), chain.lines().size()));
    closing.definitions().values().forEach(state::note);
    closing.definitions().keySet().forEach(state::keep);
  }

  /** Returns what the table's own maps and sets hold, those of a cell with IPv6 too. */
  Map<String, String> types() {
    Map<String, String> types = maps(EnumSet.allOf(IpFamily.class));
    types.put(STAMP, "mark");
    return types;
  }

  private static Map<String, String> maps(Set<IpFamily> families) {
    Map<String, String> types = new LinkedHashMap<>();
    types.put(POLICIES, "nf_proto : verdict");
    for (IpFamily family : families) {
      for (Path path : Path.values()) {
        if (has(path, family)) {
          String type = isByDevice(path, family) ? "ifname" : ChainText.address(family);
          types.put(map(path, family), type + " : verdict");
        }
      }
    }
    types.put(MAPPED_PORTS, "inet_service : ipv4_addr . inet_service");
    types.put(MAPPED_MARKS, "inet_service : mark");
    types.put(MASQUERADED, "ipv4_addr");
    return types;
  }

  private static boolean isByDevice(Path path, IpFamily family) {
    return path == Path.TO_HOST && family == IpFamily.IPV6;
  }

  private static String map(String name, String type, Map<String, List<String>> elements) {
    List<String> here = elements.getOrDefault(name, List.of());
    return "  %s %s {\n    type %s\n%s  }\n"
        .formatted(
            type.contains(":") ? "map" : "set",
            name,
            type,
            here.isEmpty()
                ? ""
                : here.stream()
                    .collect(
                        Collectors.joining(",\n      ", "    elements = {\n      ", "\n    }\n")));
  }

  private List<BaseChain> chains(Contents closing) {
    String underlay = devices(cell.underlay());
    String here = "ip daddr %s ".formatted(cell.address());
    String kept =
        cell.unmasqueraded() == null ? "" : "ip daddr != %s ".formatted(cell.unmasqueraded());
    List<String> input = new ArrayList<>();
    List<String> forward = new ArrayList<>();
    forward.add("meta nfproto vmap @" + POLICIES);
    cell.families().forEach(family -> input.add(lookUp(Path.TO_HOST, family)));
    for (Path path : FORWARDED) {
      cell.families().stream()
          .filter(family -> has(path, family))
          .forEach(family -> forward.add(lookUp(path, family)));
    }
    model
        .closed()
        .ifPresent(
            closed -> {
              input.addAll(closing(closed, Path.TO_HOST, closing));
              forward.addAll(closing(closed, Path.TO_CONTAINER, closing));
              forward.addAll(closing(closed, Path.ELSEWHERE, closing));
            });
    return List.of(
        new BaseChain(
            "mark_mapped",
            "filter hook prerouting priority mangle",
            List.of(
                "iifname %s %smeta mark set tcp dport map @%s"
                    .formatted(underlay, here, MAPPED_MARKS))),
        new BaseChain(
            "map_ports",
            "nat hook prerouting priority dstnat",
            List.of("%sdnat ip to tcp dport map @%s".formatted(here, MAPPED_PORTS))),
        new BaseChain(
            "hide_sources",
            "nat hook postrouting priority srcnat",
            List.of(
                "oifname != \"%s\" %sip saddr @%s masquerade"
                    .formatted(cell.overlay(), kept, MASQUERADED))),
        new BaseChain("input", "filter hook input priority filter", input),
        new BaseChain("forward", "filter hook forward priority filter", forward));
  }

  private static List<String> closing(PathRules closed, Path path, Contents closing) {
    return new ChainText(IpFamily.IPV6, "", closing).rules(closed.of(path)).lines();
  }

  /** A chain that the kernel sends packets to. */
  private record BaseChain(String name, String hook, List<String> lines) {
    String text() {
      return "  chain %s {\n    type %s; policy accept;\n    %s\n  }\n"
          .formatted(name, hook, String.join("\n    ", lines));
    }
  }

  private static String devices(List<String> devices) {
    return devices.stream().collect(Collectors.joining("\", \"", "{ \"", "\" }"));
  }

  /** Returns the line that finds a packet's container, of those on a path. */
  private String lookUp(Path path, IpFamily family) {
    String device =
        switch (path) {
          case EGRESS -> "oifname " + devices(cell.underlay()) + " ";
          case TO_OVERLAY -> "oifname \"%s\" ".formatted(cell.overlay());
          case FROM_UNDERLAY -> "iifname " + devices(cell.underlay()) + " ";
          case TO_HOST, TO_CONTAINER, ELSEWHERE -> "";
        };
    String by =
        isByDevice(path, family)
            ? "meta nfproto ipv6 iifname"
            : ChainText.protocol(family) + (isTo(path) ? " daddr" : " saddr");
    return "%s%s vmap @%s".formatted(device, by, map(path, family));
  }

  private static boolean isTo(Path path) {
    return path == Path.FROM_UNDERLAY || path == Path.TO_CONTAINER;
  }

  // What a container has

  /** Returns a container's elements and what they lead to. */
  Contents contents(ContainerFirewall container) {
    Contents contents = new Contents();
    String handle = container.endpoint().handle();
    for (PathRules rules : model.rules(container)) {
      IpFamily family = rules.family();
      IpAddress address = container.endpoint().address(family).orElseThrow();
      rules
          .paths()
          .forEach(
              (path, inOrder) -> {
                ChainText text = new ChainText(family, handle, contents);
                text.rules(inOrder.stream().map(rule -> foundBy(address, path, rule)).toList());
                String name = map(path, family);
                // What a container may reach is its own: so nobody takes the address of another.
                Definition chain =
                    path == Path.EGRESS
                        ? Definition.own(name, handle, text.lines(), text.uses())
                        : Definition.of("chain", name, text.lines(), text.uses());
                Object key = isByDevice(path, family) ? container.endpoint().device() : address;
                contents.add(Element.jump(name, key, contents.define(chain), handle));
              });
    }
    IpAddress ipv4 = container.endpoint().ipv4();
    contents.add(Element.of(MASQUERADED, ipv4, "", handle));
    for (PortMapping mapping : container.mappings()) {
      contents.add(
          Element.of(
              MAPPED_PORTS,
              mapping.hostPort(),
              "%s . %d".formatted(ipv4, mapping.containerPort()),
              handle));
      contents.add(
          Element.of(MAPPED_MARKS, mapping.hostPort(), Long.toString(cell.ingressMark()), handle));
    }
    return contents;
  }

  /** Returns the maps that lead to what containers may reach. */
  List<String> egressMaps() {
    return cell.families().stream().map(family -> map(Path.EGRESS, family)).toList();
  }

  /** A rule without the address by which its container was found. */
  private static CellRule foundBy(IpAddress address, Path path, CellRule rule) {
    Match match = rule.match();
    IpSet found = IpSet.of(IpRange.single(address));
    IpSet all = IpSet.all(address.family());
    Match rest =
        isTo(path)
            ? match.destinations().equals(found) ? match.to(all) : match
            : match.sources().equals(found) ? match.from(all) : match;
    if (rule instanceof CellRule.Limit limit) {
      return new CellRule.Limit(limit.origins(), rest, limit.limit(), limit.log());
    }
    if (rule instanceof CellRule.Decide decide) {
      FilterRule filter = decide.rule();
      return new CellRule.Decide(
          new FilterRule(filter.origins(), rest, filter.verdict(), filter.log()), decide.log());
    }
    throw new IllegalArgumentException(rule + ": marks where no chain does");
  }

  // Policies

  /** Returns what policies are. */
  Contents contents(PolicyRules policies) {
    Contents contents = new Contents();
    List<CellRule> rules = model.policies(policies);
    if (!rules.isEmpty()) {
      contents.add(
          Element.jump(POLICIES, "ipv4", contents.define(PolicyChain.of(rules, contents)), ""));
    }
    return contents;
  }
}
