package io.dualstack.impl.firewall.iptables;

import io.dualstack.KernelException;
import io.dualstack.firewall.ContainerEndpoint;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.impl.firewall.cell.CellModel;
import io.dualstack.impl.firewall.cell.CellRule;
import io.dualstack.impl.firewall.cell.Path;
import io.dualstack.net.IpFamily;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The tables of one family.
 *
 * <p>A change is one run of iptables-restore. It is written for the case that all is as it should
 * be, and then nothing is read, however many containers there are; iptables refuses it as a whole
 * when that is not so, and then it is written again from what there is.
 */
final class FamilyTables {
  private final IptablesTool tool;
  private final CellModel model;
  private final IpFamily family;

  FamilyTables(IptablesTool tool, CellModel model, IpFamily family) {
    this.tool = tool;
    this.model = model;
    this.family = family;
  }

  IpFamily family() {
    return family;
  }

  private ContainerTables tables(ContainerFirewall container) {
    return ContainerTables.of(
        model.cell(), container, model.rules(container, family).orElseThrow());
  }

  // The whole cell

  /**
   * Makes everything as it is told; what is left of others is removed.
   *
   * @param policies the chain of policies; by IPv6 there is none
   */
  void install(Collection<ContainerFirewall> containers, PolicyChain policies) {
    tool.restore(family, installing(tool.save(family), containers, policies));
  }

  Restore installing(
      SavedTables saved, Collection<ContainerFirewall> containers, PolicyChain policies) {
    Restore change = new Restore();
    List<ContainerTables> wanted = containers.stream().map(this::tables).toList();
    for (TableName table : TableName.values()) {
      List<TableText> texts =
          wanted.stream().map(each -> each.byTable().getOrDefault(table, new TableText())).toList();
      List<String> chains = texts.stream().flatMap(text -> text.chains().stream()).toList();
      List<String> stale =
          saved.chains(table).stream()
              .filter(FamilyTables::isOurs)
              .filter(Predicate.not(Set.copyOf(chains)::contains))
              .toList();
      change.lines(table, saved.removals(table, FamilyTables::isOurs, FamilyTables::isOurs));
      change.lines(table, masquerades(saved, table, rule -> true));
      chains.forEach(chain -> change.empty(table, chain));
      stale.forEach(chain -> change.empty(table, chain));
      for (TableText text : texts) {
        text.entries().forEach(entry -> change.line(table, entry.added()));
        text.chains().forEach(chain -> change.lines(table, text.filling(chain)));
      }
      stale.forEach(chain -> change.delete(table, chain));
    }
    if (family == IpFamily.IPV4) {
      policies.addTo(change);
    }
    close(saved, change);
    return change;
  }

  private static boolean isOurs(String chain) {
    return ChainNames.isContainers(chain) || ChainNames.POLICIES.matcher(chain).matches();
  }

  /** Puts what is kept from addresses without a container behind all else. */
  private void close(SavedTables saved, Restore change) {
    if (family == IpFamily.IPV4) {
      return;
    }
    List<String> closing = List.of(ChainNames.CLOSED_INPUT, ChainNames.CLOSED_FORWARD);
    change.lines(
        TableName.FILTER, saved.removals(TableName.FILTER, closing::contains, chain -> false));
    closing.forEach(chain -> change.empty(TableName.FILTER, chain));
    closed("-A").forEach(line -> change.line(TableName.FILTER, line));
    change.line(TableName.FILTER, "-A INPUT --jump " + ChainNames.CLOSED_INPUT);
    change.line(TableName.FILTER, "-A FORWARD --jump " + ChainNames.CLOSED_FORWARD);
  }

  /** Returns what closes, each rule behind a command for it. */
  private List<String> closed(String command) {
    List<String> lines = new ArrayList<>();
    model
        .closed()
        .ifPresent(
            rules -> {
              String toHost = "%s %s ".formatted(command, ChainNames.CLOSED_INPUT);
              String elsewhere = "%s %s ".formatted(command, ChainNames.CLOSED_FORWARD);
              add(lines, toHost, rules.of(Path.TO_HOST));
              add(lines, elsewhere, rules.of(Path.TO_CONTAINER));
              add(lines, elsewhere, rules.of(Path.ELSEWHERE));
            });
    return lines;
  }

  private static void add(List<String> lines, String start, List<CellRule> rules) {
    for (CellRule rule : rules) {
      for (String text : RuleText.forward((CellRule.Decide) rule, List.of(""))) {
        lines.add(start + text);
      }
    }
  }

  /** Rules that a container has in a chain of all, with no chain of its own to tell them by. */
  private List<String> masquerades(SavedTables saved, TableName table, Predicate<String> which) {
    return table != TableName.NAT || family == IpFamily.IPV6
        ? List.of()
        : saved.rules(table, "POSTROUTING").stream()
            .filter(rule -> SavedTables.target(rule).equals("MASQUERADE"))
            .filter(rule -> rule.startsWith("-A POSTROUTING -s "))
            .filter(rule -> rule.contains("/32 "))
            .filter(rule -> rule.contains("! -o %s ".formatted(model.cell().overlay())))
            .filter(which)
            .map(SavedTables::removal)
            .toList();
  }

  // One container

  /** Puts a container's rules in force where it has none. */
  void put(ContainerFirewall container) {
    restoreOr(putting(container), () -> repair(container));
  }

  Restore putting(ContainerFirewall container) {
    ContainerTables tables = tables(container);
    Restore change = new Restore();
    tables
        .byTable()
        .forEach(
            (table, text) -> {
              for (String chain : text.chains()) {
                change.create(table, chain);
                text.entries(chain).forEach(entry -> change.line(table, entry.added()));
              }
              text.chains().forEach(chain -> change.lines(table, text.filling(chain)));
              text.entries("").forEach(entry -> change.line(table, entry.added()));
            });
    checkClosed(change);
    return change;
  }

  /** Puts a container's rules in force in place of those that it has. */
  void replace(ContainerFirewall container) {
    ContainerTables tables = tables(container);
    Restore change = new Restore();
    tables
        .byTable()
        .forEach(
            (table, text) -> {
              text.chains().forEach(chain -> change.flush(table, chain));
              text.chains().forEach(chain -> change.lines(table, text.filling(chain)));
            });
    checkClosed(change);
    restoreOr(change, () -> repair(container));
  }

  /**
   * Fails unless the rules are there that close what is not open: then there is more to do. To look
   * costs a tenth of writing them again, as whoever removes rules waits until they are freed.
   */
  private void checkClosed(Restore change) {
    if (family == IpFamily.IPV6) {
      closed("-C").forEach(line -> change.line(TableName.FILTER, line));
    }
  }

  /** Closes what is not open; by IPv4 there is nothing that is closed without a container. */
  void prepare() {
    if (family == IpFamily.IPV6) {
      Restore change = new Restore();
      checkClosed(change);
      restoreOr(change, this::closeAgain);
    }
  }

  /** Closes what is not open, whatever there is of that. */
  void closeAgain() {
    Restore all = new Restore();
    close(tool.save(family), all);
    tool.restore(family, all);
  }

  private void restoreOr(Restore change, Runnable otherwise) {
    try {
      tool.restore(family, change);
    } catch (KernelException e) {
      try {
        otherwise.run();
      } catch (RuntimeException failure) {
        failure.addSuppressed(e);
        throw failure;
      }
    }
  }

  /** Puts a container's rules in force, whatever there is of it, after reading that. */
  void repair(ContainerFirewall container) {
    repair(container, tables(container));
  }

  /** Puts in force again what filters a container's packets, and leaves the translation alone. */
  void repairFilter(ContainerFirewall container) {
    repair(container, tables(container).ofFilter());
  }

  private void repair(ContainerFirewall container, ContainerTables tables) {
    SavedTables saved = tool.save(family);
    checkOwner(saved, tables.names(), container.endpoint());
    Restore change = new Restore();
    withdraw(saved, tables, container.endpoint(), change);
    tables
        .byTable()
        .forEach(
            (table, text) -> {
              text.chains().forEach(chain -> change.empty(table, chain));
              text.entries().forEach(entry -> change.line(table, entry.added()));
              text.chains().forEach(chain -> change.lines(table, text.filling(chain)));
            });
    change.empty(TableName.FILTER, tables.names().candidate());
    change.delete(TableName.FILTER, tables.names().candidate());
    close(saved, change);
    tool.restore(family, change);
  }

  /** Handles that begin alike have the same chains; an address tells whose they are. */
  private void checkOwner(SavedTables saved, ChainNames names, ContainerEndpoint endpoint) {
    List<String> rules = saved.rules(TableName.FILTER, names.overlay());
    String own = " -d %s/%d ".formatted(endpoint.address(family).orElseThrow(), family.bits());
    if (!rules.isEmpty() && rules.stream().noneMatch(rule -> (rule + " ").contains(own))) {
      throw new IllegalArgumentException(
          "%s: chain %s is another container's; remove that, or choose a handle that begins otherwise"
              .formatted(endpoint.handle(), names.overlay()));
    }
  }

  private void withdraw(
      SavedTables saved, ContainerTables tables, ContainerEndpoint endpoint, Restore change) {
    ChainNames names = tables.names();
    Predicate<String> own = chain -> names.all().contains(chain) || names.candidate().equals(chain);
    String source = "-A POSTROUTING -s %s/32 ".formatted(endpoint.ipv4());
    for (TableName table : tables.byTable().keySet()) {
      change.lines(table, saved.removals(table, own, own));
      change.lines(table, masquerades(saved, table, rule -> rule.startsWith(source)));
    }
  }

  /**
   * Puts what a container may reach in force in place of what it might before: in one step, and of
   * an agent's unfinished steps nothing is left.
   */
  void egress(ContainerFirewall container) {
    tool.restore(family, changingEgress(container));
  }

  Restore changingEgress(ContainerFirewall container) {
    ContainerTables tables = tables(container);
    TableText filter = tables.filter();
    ChainNames names = tables.names();
    Restore change = new Restore();
    // Refused where the container has no rules.
    change.flush(TableName.FILTER, names.netout());
    List<String> chains =
        tables.egressChains().stream().filter(chain -> !chain.equals(names.netout())).toList();
    chains.forEach(chain -> change.empty(TableName.FILTER, chain));
    change.empty(TableName.FILTER, names.candidate());
    tables.egressChains().forEach(chain -> change.lines(TableName.FILTER, filter.filling(chain)));
    change.delete(TableName.FILTER, names.candidate());
    return change;
  }

  /** Returns what there is. */
  TablesCheck check() {
    return new TablesCheck(tool.save(family));
  }

  /** Returns whether all is there that is kept from addresses without a container. */
  boolean isClosed(TablesCheck check) {
    if (family == IpFamily.IPV4) {
      return true;
    }
    return check.isReached("INPUT", ChainNames.CLOSED_INPUT)
        && check.isReached("FORWARD", ChainNames.CLOSED_FORWARD)
        && check.hasRules(closed("-A"));
  }

  /** Returns whether all is there that a container has. */
  boolean isWhole(TablesCheck check, ContainerFirewall container) {
    return check.holds(tables(container));
  }

  /** Returns whether all is there that says what a container may reach. */
  boolean isReaching(TablesCheck check, ContainerFirewall container) {
    ContainerTables tables = tables(container);
    return check.hasRules(
        tables.egressChains().stream()
            .flatMap(chain -> tables.filter().filling(chain).stream())
            .toList());
  }

  /** Returns whether a container has rules of its own, though some may be other than here. */
  boolean hasOwn(TablesCheck check, ContainerFirewall container) {
    return check.leadsTo(tables(container).ofFilter());
  }

  /** Removes all that a container has; nothing happens when that is nothing. */
  void remove(ContainerEndpoint endpoint) {
    ContainerTables tables = ContainerTables.of(model.cell(), endpoint, family);
    Restore change = new Restore();
    tables
        .byTable()
        .forEach(
            (table, text) -> {
              text.entries().forEach(entry -> change.line(table, entry.removed()));
              text.chains().forEach(chain -> change.flush(table, chain));
              text.chains().forEach(chain -> change.delete(table, chain));
            });
    restoreOr(change, () -> clear(tables, endpoint));
  }

  private void clear(ContainerTables tables, ContainerEndpoint endpoint) {
    SavedTables saved = tool.save(family);
    checkOwner(saved, tables.names(), endpoint);
    Restore change = new Restore();
    withdraw(saved, tables, endpoint, change);
    for (TableName table : tables.byTable().keySet()) {
      List<String> chains =
          saved.chains(table).stream()
              .filter(
                  chain ->
                      tables.names().all().contains(chain)
                          || tables.names().candidate().equals(chain))
              .toList();
      chains.forEach(chain -> change.flush(table, chain));
      chains.forEach(chain -> change.delete(table, chain));
    }
    tool.restore(family, change);
  }
}
