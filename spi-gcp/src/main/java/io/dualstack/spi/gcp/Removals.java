package io.dualstack.spi.gcp;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.dualstack.provider.ProviderJournal;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which reservations are about to be taken off NICs. Between the instance, which is changed first,
 * and the release a run may be cut off; what is reserved then and not on the instance looks like
 * something that is still to be put there. Thread-safe.
 */
final class Removals {
  private static final String NAMES = "removing/";

  private final ProviderJournal journal;

  Removals(ProviderJournal journal) {
    this.journal = journal;
  }

  void begin(Collection<Reservation> unwanted) {
    journal.update(
        unwanted.stream().collect(toMap(one -> NAMES + one.name(), one -> one.block().toString())),
        Set.of());
  }

  void end(Collection<Reservation> gone) {
    forget(gone.stream().map(reservation -> NAMES + reservation.name()).collect(toSet()));
  }

  private void forget(Set<String> keys) {
    if (!keys.isEmpty()) {
      journal.update(Map.of(), keys);
    }
  }

  boolean isEmpty() {
    return journal.list(NAMES).isEmpty();
  }

  /**
   * Returns what was begun to be taken off a NIC and is still there, and forgets what isn't.
   *
   * @param nicId how the names of the NIC's reservations start
   * @param reservations all that is there
   */
  List<Reservation> unfinished(String nicId, List<Reservation> reservations) {
    Set<String> begun = new HashSet<>(journal.list(NAMES + nicId).keySet());
    List<Reservation> left =
        reservations.stream().filter(one -> begun.remove(NAMES + one.name())).toList();
    forget(begun);
    return left;
  }
}
