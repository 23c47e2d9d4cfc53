package io.dualstack.impl.firewall.nftables;

import io.dualstack.KernelException;
import io.dualstack.firewall.ContainerEndpoint;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.impl.firewall.FirewallBackend;
import io.dualstack.impl.firewall.KernelInput;
import io.dualstack.impl.firewall.Told;
import io.dualstack.impl.firewall.cell.CellModel;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Nft;
import io.dualstack.impl.kernel.nftables.Transactions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The firewall of a cell as one table of nftables, for both families. Each verb takes effect in one
 * transaction; what it needs is made before, and what it replaces is removed after.
 *
 * <p>What a packet costs does not grow with the number of containers or rules: it is looked up in
 * maps by its container, and in sets by where it goes. Chains and sets never change; they are named
 * by their content, so containers that want the same share them, and go with their last user. A
 * change of a container adds what is new, turns the container's few elements of the maps, and
 * removes what is no longer used: nobody else's rules are read or written.
 *
 * <p>No lock is needed beside the kernel's. A script says which state of the table it is for; when
 * another process has changed the table since, the kernel refuses it whole, the table is read, and
 * the script is made anew.
 */
public final class NftablesBackend implements FirewallBackend {
  private static final Logger LOG = LoggerFactory.getLogger(NftablesBackend.class);

  private final CellTable table;
  private final Namespace host;

  /** What is in the table; null when that is to be read. Guarded by this. */
  private @Nullable TableState known;

  /** Guarded by this. */
  private final Told told = new Told();

  /** Open from the first change until the namespace is closed; null before. Guarded by this. */
  private @Nullable Transactions transactions;

  /**
   * Makes the back end of a cell; nothing is changed yet.
   *
   * @param host stays the caller's to close, which ends this too
   */
  public NftablesBackend(CellModel model, Namespace host) {
    this.table = new CellTable(model);
    this.host = host;
  }

  @Override
  public synchronized void prepare() {
    if (known == null) {
      known = read(false);
    }
  }

  @Override
  public List<KernelInput> compile(Collection<ContainerFirewall> containers, PolicyRules allowed) {
    return List.of(new KernelInput(Nft.COMMAND, installation(containers, allowed).script()));
  }

  @Override
  public synchronized void install(Collection<ContainerFirewall> containers, PolicyRules allowed) {
    Installation whole = installation(containers, allowed);
    run(whole.script());
    known = whole.state();
    told.install(containers, allowed);
  }

  /** A whole table, and what is in it. */
  record Installation(String script, TableState state, Map<String, Definition> definitions) {}

  Installation installation(Collection<ContainerFirewall> containers, PolicyRules allowed) {
    Map<String, Contents> byOwner = new LinkedHashMap<>();
    byOwner.put("", table.contents(allowed));
    for (ContainerFirewall container : containers) {
      String handle = container.endpoint().handle();
      if (byOwner.put(handle, table.contents(container)) != null) {
        throw new IllegalArgumentException(handle + ": is there twice; give each its own handle");
      }
    }
    List<Element> elements = new ArrayList<>();
    Map<String, Definition> definitions = new LinkedHashMap<>();
    for (Contents contents : byOwner.values()) {
      elements.addAll(contents.elements());
      definitions.putAll(contents.definitions());
    }
    // The same table has the same stamp, whoever makes it.
    String stamp = Definition.number(table.text("0", elements, definitions.values()));
    TableState state = new TableState(stamp);
    table.noteOwn(state);
    byOwner.forEach(
        (owner, contents) -> {
          checkFree(state, owner, contents);
          state.note(contents);
        });
    // The first line makes one to delete where there is none.
    return new Installation(
        "table %1$s\ndelete table %1$s\n".formatted(CellTable.TABLE)
            + table.text(stamp, elements, definitions.values()),
        state,
        definitions);
  }

  private static void checkFree(TableState state, String owner, Contents contents) {
    Element taken = state.taken(owner, contents);
    if (taken != null) {
      throw new IllegalArgumentException(
          "%s: %s: is container %s's; remove that first"
              .formatted(owner, taken.place().key(), taken.owner()));
    }
  }

  @Override
  public synchronized void put(ContainerFirewall container) {
    Contents contents = table.contents(container);
    String handle = container.endpoint().handle();
    change(
        true,
        state -> {
          checkFree(state, handle, contents);
          return state.change(handle, table.ownMaps(), contents, stamp());
        });
    told.put(container);
  }

  @Override
  public synchronized void egress(ContainerFirewall container) {
    String handle = container.endpoint().handle();
    List<String> maps = table.egressMaps();
    Contents contents = table.contents(container).of(maps);
    change(
        false,
        state -> {
          if (!state.has(handle)) {
            throw new KernelException(
                "nft " + CellTable.TABLE, handle + ": has no rules; put it first", null);
          }
          checkFree(state, handle, contents);
          return state.change(handle, maps, contents, stamp());
        });
    told.egress(container);
  }

  @Override
  public synchronized void remove(ContainerEndpoint container) {
    change(true, state -> state.change(container.handle(), null, new Contents(), stamp()));
    told.remove(container.handle());
  }

  @Override
  public synchronized void policies(PolicyRules allowed) {
    Contents contents = table.contents(allowed);
    change(false, state -> state.change("", null, contents, stamp()));
    told.policies(allowed);
  }

  @Override
  public synchronized boolean restore(Predicate<String> isThere) {
    told.retain(isThere);
    if (told.isEmpty()) {
      return false;
    }
    List<ContainerFirewall> all = new ArrayList<>(told.whole());
    all.addAll(told.reaching());
    Installation wanted = installation(all, told.policies().orElse(PolicyRules.NONE));
    TableState there = TableReader.read(host).orElse(null);
    List<String> restored = new ArrayList<>();
    if (there == null) {
      run(wanted.script());
      known = wanted.state();
      restored.add("the whole table");
    } else {
      known = null;
      List<String> altered = altered(there, wanted.state());
      if (!altered.isEmpty()) {
        try (Nft nft = Nft.open(host)) {
          nft.run(table.refilling(altered, wanted.definitions().values(), there));
        }
        restored.addAll(altered);
      }
      restoreMissing(there, restored);
    }
    if (!restored.isEmpty()) {
      LOG.atWarn()
          .addKeyValue("restored", restored)
          .log("rules were taken out of the kernel by somebody, and are in force again");
    }
    return !restored.isEmpty();
  }

  /** The table's own chains are left to the process whose cell has IPv6, if this one's has not. */
  private List<String> altered(TableState there, TableState wanted) {
    boolean isAnothers = !table.foreign(there).isEmpty();
    return there.altered(wanted).stream()
        .filter(chain -> !isAnothers || CellTable.isShared(chain))
        .toList();
  }

  private void restoreMissing(TableState there, List<String> restored) {
    for (ContainerFirewall container : told.whole()) {
      if (!there.holds(table.contents(container))) {
        put(container);
        restored.add(container.endpoint().handle());
      }
    }
    for (ContainerFirewall container : told.reaching()) {
      String handle = container.endpoint().handle();
      if (there.has(handle) && !there.holds(table.contents(container).of(table.egressMaps()))) {
        egress(container);
        restored.add(handle);
      }
    }
    told.policies()
        .filter(allowed -> !there.holds(table.contents(allowed)))
        .ifPresent(
            allowed -> {
              policies(allowed);
              restored.add("policies");
            });
  }

  /** Makes the scripts of a change to a table in a state. */
  private interface Script {
    TableState.Change of(TableState state);
  }

  /**
   * Makes a change.
   *
   * @param isOfWhole whether it is about all rules of a container, whose caller's settings of the
   *     cell count; agents may have others for a while
   */
  private void change(boolean isOfWhole, Script change) {
    String refusedAt = "";
    while (true) {
      boolean isFresh = known == null;
      TableState state = known == null ? read(isOfWhole) : isOfWhole ? shrunk(known) : known;
      String stamp = state.stamp();
      known = null;
      try {
        TableState.Change made = change.of(state);
        if (!made.preparing().isEmpty()) {
          run(made.preparing());
        }
        run(made.turning());
        clear(state, made.clearing() + (isFresh ? state.sweeping() : ""));
        return;
      } catch (KernelException | IllegalArgumentException refused) {
        // What was believed may be old. What was read is so until another process makes a change.
        if (isFresh && (refused instanceof IllegalArgumentException || stamp.equals(refusedAt))) {
          throw refused;
        }
        refusedAt = isFresh ? stamp : "";
      }
    }
  }

  /** What can't be removed is done so later: another process may have come to use it. */
  private void clear(TableState state, String clearing) {
    try {
      if (!clearing.isEmpty()) {
        run(clearing);
      }
      known = state;
    } catch (KernelException inUse) {
      LOG.atInfo().setCause(inUse).log("what no packet is sent to was not removed yet");
    }
  }

  /** Reads the table, and makes it where there is none or it is another cell's. */
  private TableState read(boolean mayShrink) {
    return TableReader.read(host)
        .map(there -> fitted(there, mayShrink))
        .orElseGet(
            () -> {
              Installation made =
                  installation(told.whole(), told.policies().orElse(PolicyRules.NONE));
              run(made.script());
              return made.state();
            });
  }

  private TableState shrunk(TableState there) {
    return table.foreign(there).isEmpty() ? there : fitted(there, true);
  }

  /** Returns the table as it is when it has the maps and chains that this cell wants. */
  private TableState fitted(TableState there, boolean mayShrink) {
    TableState state = there;
    String refusedAt = "";
    while (true) {
      Optional<TableState.Change> fitting = table.fitting(state, mayShrink, stamp());
      if (fitting.isEmpty()) {
        return state;
      }
      String stamp = state.stamp();
      try {
        fit(fitting.get());
        state = TableReader.read(host).orElse(state);
        clear(state, state.sweeping());
        return state;
      } catch (KernelException refused) {
        // Another process may have changed the table since it was read.
        if (stamp.equals(refusedAt)) {
          throw refused;
        }
        refusedAt = stamp;
        state = TableReader.read(host).orElse(state);
      }
    }
  }

  private void fit(TableState.Change fitting) {
    try (Nft nft = Nft.open(host)) {
      nft.run(fitting.preparing());
      nft.run(fitting.turning());
      if (!fitting.clearing().isEmpty()) {
        nft.run(fitting.clearing());
      }
    }
  }

  private static String stamp() {
    return Integer.toUnsignedString(ThreadLocalRandom.current().nextInt());
  }

  private void run(String script) {
    Transactions kept = transactions;
    if (kept == null) {
      kept = Transactions.open(host, table.types());
      host.onClose(kept::close);
      transactions = kept;
    }
    kept.run(script);
  }
}
