package io.dualstack.impl.cell;

import com.google.common.base.Throwables;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.StoreUnavailableException;
import io.dualstack.impl.http.Answer;
import io.dualstack.impl.http.JsonBody;
import io.dualstack.impl.http.RemoteAnswer;
import io.dualstack.impl.http.RemoteService;
import io.dualstack.impl.workload.DiegoFormats;
import io.dualstack.workload.InstanceRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks a cell's daemon for its containers. Every method throws {@link StoreUnavailableException}
 * when there is no answer, or one that makes no sense.
 */
public final class RemoteInstances {
  private static final int NOT_FOUND = 404;

  private RemoteInstances() {}

  /** Asks by HTTP. */
  public static List<InstanceRecord> of(RemoteService daemon) {
    return read(daemon.get(InstancesHandler.PATH));
  }

  /**
   * Asks by the socket that plugins use.
   *
   * @param timeout how long it may take
   */
  public static List<InstanceRecord> of(Path socket, Duration timeout) {
    try {
      Answer answer =
          CompletableFuture.supplyAsync(() -> ask(socket))
              .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return read(new RemoteAnswer("unix:" + socket, answer.status(), answer.body()));
    } catch (ExecutionException e) {
      throw silent(socket, String.valueOf(Throwables.getRootCause(e).getMessage()), e);
    } catch (TimeoutException e) {
      throw silent(socket, "no answer in %d s".formatted(timeout.toSeconds()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw silent(socket, "interrupted", e);
    }
  }

  private static Answer ask(Path socket) {
    try {
      return PluginSocket.ask(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(String.valueOf(e.getMessage()), e);
    }
  }

  private static StoreUnavailableException silent(
      Path socket, String why, @Nullable Exception cause) {
    return new StoreUnavailableException(
        "unix:%s: %s; is it the --plugin-socket of a daemon that runs, and may you connect?"
            .formatted(socket, why),
        true,
        cause);
  }

  private static List<InstanceRecord> read(RemoteAnswer answer) {
    if (answer.status() == NOT_FOUND) {
      throw noCell(answer, "404: " + JsonBody.readError(answer.body()), null);
    }
    String json = new String(RemoteService.ok(answer).body(), StandardCharsets.UTF_8);
    try {
      return new DiegoFormats().parseInstanceRecords(json);
    } catch (InvalidConfigurationException e) {
      // A daemon that knows no instances tells its networks at every path.
      throw noCell(answer, "what are no instances (%s)".formatted(e.diagnostics().get(0)), e);
    }
  }

  private static StoreUnavailableException noCell(
      RemoteAnswer answer, String what, @Nullable Exception cause) {
    return new StoreUnavailableException(
        ("%s: answered %s; name the health_check_port or the plugin socket of a cell's daemon, of"
                + " a version that has instances")
            .formatted(answer.url(), what),
        false,
        cause);
  }
}
