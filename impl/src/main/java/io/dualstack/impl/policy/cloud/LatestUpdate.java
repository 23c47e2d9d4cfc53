package io.dualstack.impl.policy.cloud;

import io.dualstack.impl.http.JsonBody;
import io.dualstack.impl.http.JsonBody.MalformedException;
import io.dualstack.impl.http.RemoteAnswer;
import io.dualstack.impl.http.RemoteService;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** When Cloud Controller's security groups changed last, which its internal API tells. */
public final class LatestUpdate {

  private static final String PATH = "/internal/v4/asg_latest_update";
  private static final int NOT_FOUND = 404;

  private final RemoteService remote;

  /** Names the server; nothing is contacted yet. */
  public LatestUpdate(RemoteService remote) {
    this.remote = remote;
  }

  /**
   * Asks.
   *
   * @return the time; empty when it is not known, which are an old Cloud Controller, and the times
   *     that stand for none: those of the epoch and before
   * @throws io.dualstack.StoreUnavailableException when there is no answer, or one that makes no
   *     sense
   */
  public Optional<Instant> get() {
    RemoteAnswer answer = remote.get(PATH);
    if (answer.status() == NOT_FOUND) {
      return Optional.empty();
    }
    try {
      String text = JsonBody.text(JsonBody.read(RemoteService.ok(answer).body()), "last_update");
      return Optional.of(DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from))
          .filter(time -> time.isAfter(Instant.EPOCH));
    } catch (MalformedException | DateTimeException e) {
      throw remote.nonsense(PATH, "time", e);
    }
  }
}
