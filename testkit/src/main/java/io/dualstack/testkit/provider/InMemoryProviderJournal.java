package io.dualstack.testkit.provider;

import io.dualstack.StoreUnavailableException;
import io.dualstack.provider.ProviderJournal;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A provider's memory that lasts as long as this object. Can fail on demand, so that a test can cut
 * a provider off in the middle of its work. Thread-safe.
 */
public final class InMemoryProviderJournal implements ProviderJournal {
  private enum Fault {
    NONE,
    BEFORE_WRITING,
    AFTER_WRITING
  }

  private final Object lock = new Object();
  private final TreeMap<String, String> entries = new TreeMap<>();
  private Fault nextFault = Fault.NONE;
  private int updates;

  /** Creates an empty journal. */
  public InMemoryProviderJournal() {}

  /** Lets the next update fail without writing anything: the disk was full. */
  public void failNextUpdate() {
    synchronized (lock) {
      nextFault = Fault.BEFORE_WRITING;
    }
  }

  /** Lets the next update fail after writing everything: the answer was lost. */
  public void loseNextAnswer() {
    synchronized (lock) {
      nextFault = Fault.AFTER_WRITING;
    }
  }

  /**
   * Returns how many updates were written.
   *
   * @return 0 for a new journal
   */
  public int updates() {
    synchronized (lock) {
      return updates;
    }
  }

  @Override
  public void update(Map<String, String> written, Set<String> removed) {
    for (String key : removed) {
      if (written.containsKey(key)) {
        throw new IllegalArgumentException(key + ": is to be both written and removed");
      }
    }
    synchronized (lock) {
      Fault fault = nextFault;
      nextFault = Fault.NONE;
      if (fault == Fault.BEFORE_WRITING) {
        throw new StoreUnavailableException("journal: not written, on demand", true, null);
      }
      entries.putAll(written);
      entries.keySet().removeAll(removed);
      updates++;
      if (fault == Fault.AFTER_WRITING) {
        throw new StoreUnavailableException("journal: written but not told, on demand", true, null);
      }
    }
  }

  @Override
  public Optional<String> read(String key) {
    synchronized (lock) {
      return Optional.ofNullable(entries.get(key));
    }
  }

  @Override
  public Map<String, String> list(String keyPrefix) {
    synchronized (lock) {
      TreeMap<String, String> found = new TreeMap<>();
      for (Map.Entry<String, String> entry : entries.tailMap(keyPrefix, true).entrySet()) {
        if (!entry.getKey().startsWith(keyPrefix)) {
          break;
        }
        found.put(entry.getKey(), entry.getValue());
      }
      return Collections.unmodifiableMap(found);
    }
  }
}
