package io.dualstack.workload;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One instance as Diego records it: an {@code ActualLRP}. Immutable.
 *
 * @param processGuid the process that it is an instance of
 * @param index its index, from 0
 * @param domain the domain that the process is in
 * @param instanceGuid its own guid; empty while it has none
 * @param cellId the cell that it is on; empty while it is on none
 * @param netInfo where it is. Its fields are the record's own, so that it has no others
 * @param state such as {@code UNCLAIMED}, {@code CLAIMED}, {@code RUNNING} or {@code CRASHED};
 *     those of later versions are kept
 * @param since when it came into the state, in nanoseconds since 1970 where it is written; 1970
 *     itself where nobody knows
 * @param otherFields fields that are about other things, such as {@code crash_count}, kept as they
 *     are: JSON-like values
 */
public record InstanceRecord(
    String processGuid,
    int index,
    String domain,
    String instanceGuid,
    String cellId,
    NetInfo netInfo,
    String state,
    Instant since,
    Map<String, Object> otherFields) {
  private static final Instant LATEST = Instant.ofEpochSecond(0, Long.MAX_VALUE);

  /**
   * Copies the fields and checks what can't be.
   *
   * @param processGuid the process that it is an instance of
   * @param index its index, from 0
   * @param domain the domain that the process is in
   * @param instanceGuid its own guid; empty while it has none
   * @param cellId the cell that it is on; empty while it is on none
   * @param netInfo where it is; without other fields
   * @param state such as {@code RUNNING}
   * @param since when it came into the state; from 1970 to 2262
   * @param otherFields further fields
   * @throws IllegalArgumentException if the index is negative, the time is out of range, there is
   *     no state, or the state and where the instance is don't go together: one that is running has
   *     the address of its cell, one that is unclaimed or claimed has none
   */
  public InstanceRecord {
    requireNonNull(processGuid, "processGuid");
    requireNonNull(domain, "domain");
    requireNonNull(instanceGuid, "instanceGuid");
    requireNonNull(cellId, "cellId");
    if (index < 0) {
      throw new IllegalArgumentException("index: " + index + " is negative; count from 0");
    }
    if (since.isBefore(Instant.EPOCH) || since.isAfter(LATEST)) {
      throw new IllegalArgumentException(
          "since: %s is out of range; use %s to %s".formatted(since, Instant.EPOCH, LATEST));
    }
    if (!netInfo.otherFields().isEmpty()) {
      throw new IllegalArgumentException(
          "netInfo: has fields of its own, %s; put them among the record's"
              .formatted(netInfo.otherFields().keySet()));
    }
    switch (state) {
      case "" -> throw new IllegalArgumentException("state: is empty; give one, such as RUNNING");
      case "RUNNING" -> {
        if (netInfo.address() == null) {
          throw new IllegalArgumentException(
              "address: is missing; an instance that is RUNNING has the address of its cell");
        }
      }
      case "UNCLAIMED", "CLAIMED" -> {
        if (!netInfo.isEmpty()) {
          throw new IllegalArgumentException(
              "address: an instance that is %s has no address, ports or preference; leave them out"
                  .formatted(state));
        }
      }
      default -> {
        // A crashed instance may have either, and what others mean is for those who wrote them.
      }
    }
    otherFields = Collections.unmodifiableMap(new LinkedHashMap<>(otherFields));
  }
}
