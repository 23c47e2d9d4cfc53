package io.dualstack.spi.gcp;

import static java.util.Objects.requireNonNull;

import com.google.api.client.googleapis.services.AbstractGoogleClientRequest;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.compute.Compute;
import com.google.api.services.compute.ComputeRequest;
import com.google.api.services.compute.model.Operation;
import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls Compute Engine: tries again what is worth it, waits for operations, reads all pages.
 * Thread-safe.
 */
final class ComputeConnection {
  private static final Logger LOG = LoggerFactory.getLogger(ComputeConnection.class);
  private static final int CONNECT_MILLIS = 20_000;
  private static final int READ_MILLIS = 60_000;

  /** The service holds a call to wait for an operation for up to two minutes. */
  private static final int WAIT_MILLIS = 150_000;

  private final Compute compute;
  private final GcpAccess access;
  private final ProjectAndRegion place;
  private final Patience patience;

  ComputeConnection(GcpSettings settings, Patience patience, Map<String, String> environment) {
    this.patience = patience;
    NetHttpTransport transport =
        new NetHttpTransport.Builder()
            .setConnectionFactory(new ProxyConnections(environment))
            .build();
    this.access = new GcpAccess(settings, transport);
    this.place =
        new ProjectAndRegion(
            settings, access, environment, Path.of(System.getProperty("user.home")), transport);
    Compute.Builder builder =
        new Compute.Builder(transport, GsonFactory.getDefaultInstance(), this::prepare)
            .setApplicationName("dualstack");
    URI endpoint = settings.endpoint();
    if (endpoint != null) {
      String root = endpoint.toString();
      builder.setRootUrl(root.endsWith("/") ? root : root + "/");
    }
    this.compute = builder.build();
  }

  private void prepare(HttpRequest request) throws IOException {
    access.initialize(request);
    request.setConnectTimeout(CONNECT_MILLIS);
    boolean waits = request.getUrl().getRawPath().endsWith("/wait");
    // Nothing is waited for longer than an operation may take.
    request.setReadTimeout(
        (int) Math.min(waits ? WAIT_MILLIS : READ_MILLIS, patience.timeout().toMillis()));
  }

  /** The client, to make requests with. */
  Compute compute() {
    return compute;
  }

  String project() {
    return place.project();
  }

  String region() {
    return place.region();
  }

  Patience patience() {
    return patience;
  }

  /** A request that can be made anew for each try. */
  @FunctionalInterface
  interface Request<T> {
    AbstractGoogleClientRequest<T> make() throws IOException;
  }

  /** A request for a change, which the service remembers by an identifier. */
  @FunctionalInterface
  interface Change {
    ComputeRequest<Operation> make() throws IOException;
  }

  /**
   * What came of a call.
   *
   * @param value what was answered; null if the call failed in a way that the caller deals with
   * @param code the code of that failure; empty if there was none
   */
  private record Answer<T>(@Nullable T value, String code) {}

  /** Reads something; empty if it isn't there. */
  <T> Optional<T> find(String what, Request<T> request) {
    return Optional.ofNullable(attempt(what, Set.of(ComputeFailure.NOT_FOUND), request).value());
  }

  /** Reads something that is there. */
  <T> T get(String what, Request<T> request) {
    return requireNonNull(attempt(what, Set.of(), request).value());
  }

  private <T> Answer<T> attempt(String what, Set<String> tolerated, Request<T> request) {
    for (int tries = 1; ; tries++) {
      ComputeFailure failure;
      try {
        // A few hundred bytes, not worth packing.
        return new Answer<>(request.make().setDisableGZipContent(true).execute(), "");
      } catch (IOException e) {
        failure = ComputeFailure.of(e);
      }
      if (tolerated.contains(failure.code())) {
        return new Answer<>(null, failure.code());
      }
      tryAgain(what, failure, tries);
    }
  }

  /** Waits before another try, or throws if there shall be none. */
  private void tryAgain(String what, ComputeFailure failure, int tries) {
    if (!failure.again() || tries >= patience.attempts()) {
      throw failure.toException(what);
    }
    LOG.atDebug()
        .addKeyValue("call", what)
        .addKeyValue("code", failure.code())
        .addKeyValue("tries", tries)
        .log("is tried again");
    patience.pause(tries, failure.after());
  }

  /** Reads all pages. {@code next} gives the token of the page after one; null for none. */
  <T, I> List<I> all(
      String what,
      Function<@Nullable String, Request<T>> page,
      Function<T, @Nullable List<I>> items,
      Function<T, @Nullable String> next) {
    List<I> all = new ArrayList<>();
    String token = null;
    do {
      T answer = get(what, page.apply(token));
      List<I> some = items.apply(answer);
      if (some != null) {
        all.addAll(some);
      }
      token = next.apply(answer);
    } while (token != null && !token.isEmpty());
    return all;
  }

  /**
   * Changes something and waits until that is done. Every try that the service may have received
   * carries the same identifier, so that it is done once.
   *
   * @param tolerated codes of failures that the caller deals with
   * @return the tolerated failure's code; empty if the change is done
   */
  String change(String what, Set<String> tolerated, Change change) {
    for (int tries = 1; ; tries++) {
      // Of this call alone: the service remembers an identifier for a while, and what is made again
      // after it was undone is another change. Across runs it is the name that makes it one.
      String requestId = UUID.randomUUID().toString();
      Answer<Operation> begun =
          attempt(what, tolerated, () -> change.make().set("requestId", requestId));
      if (begun.value() == null) {
        return begun.code();
      }
      Operation done = await(what, begun.value());
      if (done.getError() == null) {
        return "";
      }
      ComputeFailure failure = ComputeFailure.of(done);
      if (tolerated.contains(failure.code())) {
        return failure.code();
      }
      tryAgain(what, failure, tries);
    }
  }

  /** Waits until something is as it should be, and returns it. */
  <T> T await(String what, Supplier<Optional<T>> look) {
    Patience.Deadline deadline = patience.deadline();
    for (int tries = 1; ; tries++) {
      Optional<T> seen = look.get();
      if (seen.isPresent()) {
        return seen.get();
      }
      if (deadline.isOver()) {
        throw late(what);
      }
      patience.pause(tries);
    }
  }

  private Operation await(String what, Operation begun) {
    Operation[] now = {begun};
    return await(
        what,
        () -> {
          if (!"DONE".equals(now[0].getStatus())) {
            now[0] = get(what, () -> waiting(now[0]));
          }
          return Optional.of(now[0]).filter(operation -> "DONE".equals(operation.getStatus()));
        });
  }

  private AbstractGoogleClientRequest<Operation> waiting(Operation operation) throws IOException {
    String zone = operation.getZone();
    String name = operation.getName();
    return zone == null
        ? compute.regionOperations().wait(project(), region(), name)
        : compute.zoneOperations().wait(project(), Reservation.lastSegment(zone), name);
  }

  private ProviderException late(String what) {
    Duration timeout = patience.timeout();
    return new ProviderException(
        GcpNetworkProvider.NAME,
        Reason.UNAVAILABLE,
        true,
        "%s: is not done after %d s; ask again later, or raise timeout_seconds"
            .formatted(what, timeout.toSeconds()),
        null);
  }
}
