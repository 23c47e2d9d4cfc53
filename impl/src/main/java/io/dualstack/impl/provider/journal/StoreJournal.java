package io.dualstack.impl.provider.journal;

import static java.util.Objects.requireNonNull;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.Change.PutDocument;
import io.dualstack.allocation.spi.Change.RemoveDocument;
import io.dualstack.allocation.spi.ChangeSet;
import io.dualstack.allocation.spi.CommitResult;
import io.dualstack.allocation.spi.CommitResult.Refused;
import io.dualstack.provider.ProviderJournal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The journal of one provider as documents {@code provider/NAME/KEY} of an allocation store. An
 * update is one change set without conditions, so that nothing can refuse it: the last writer wins.
 * Thread-safe.
 */
public final class StoreJournal implements ProviderJournal {
  private final AllocationStore store;
  private final AddressSpace space;
  private final String root;
  private final Clock clock;

  /**
   * Makes the journal of a provider.
   *
   * @param store where it is kept; closed by its owner, not by the journal
   * @param space the space its documents belong to
   * @param providerName the provider's name, which has no slash
   * @param clock what the time of a change is read from
   */
  public StoreJournal(AllocationStore store, AddressSpace space, String providerName, Clock clock) {
    this.store = requireNonNull(store, "store");
    this.space = requireNonNull(space, "space");
    this.clock = requireNonNull(clock, "clock");
    if (providerName.isEmpty() || providerName.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "provider: \"" + providerName + "\": is empty or has a /; use the provider's name");
    }
    this.root = "provider/" + providerName + "/";
  }

  @Override
  public void update(Map<String, String> written, Set<String> removed) {
    List<Change> changes = new ArrayList<>(written.size() + removed.size());
    for (String key : removed) {
      if (written.containsKey(key)) {
        throw new IllegalArgumentException(key + ": is to be both written and removed; do one");
      }
      changes.add(new RemoveDocument(root + key));
    }
    written.forEach((key, text) -> changes.add(new PutDocument(root + key, text)));
    if (changes.isEmpty()) {
      return;
    }
    CommitResult result = store.commit(new ChangeSet(space, clock.instant(), changes));
    if (result instanceof Refused refused) {
      throw new IllegalStateException(
          store.location() + ": refused documents without a condition: " + refused.refusal());
    }
  }

  @Override
  public Optional<String> read(String key) {
    return store.document(space, root + key);
  }

  @Override
  public Map<String, String> list(String keyPrefix) {
    Map<String, String> entries = new LinkedHashMap<>();
    store
        .documents(space, root + keyPrefix)
        .forEach((key, text) -> entries.put(key.substring(root.length()), text));
    return Collections.unmodifiableMap(entries);
  }
}
