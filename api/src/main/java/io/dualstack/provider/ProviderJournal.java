package io.dualstack.provider;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A provider's durable memory, kept in the library's own store: what it was about to do, so that a
 * later run can finish or undo it. Each provider sees only its own entries. Thread-safe.
 */
public interface ProviderJournal {

  /**
   * Writes and removes entries, all or nothing. When this returns the change is durable. The last
   * writer of an entry wins; removing what is not there is no error.
   *
   * @param written entries to write, by key; thousands are ordinary
   * @param removed keys to remove
   * @throws IllegalArgumentException if a key is to be both written and removed
   * @throws io.dualstack.StoreUnavailableException if the store can't be written
   */
  void update(Map<String, String> written, Set<String> removed);

  /**
   * Returns an entry.
   *
   * @param key its key
   * @return its text; empty when there is none
   */
  Optional<String> read(String key);

  /**
   * Returns the entries whose key starts with a text, by key in order.
   *
   * @param keyPrefix how the keys start
   * @return an unmodifiable map
   */
  Map<String, String> list(String keyPrefix);
}
