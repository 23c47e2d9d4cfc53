package io.dualstack.impl.policy.http;

import com.sun.net.httpserver.HttpExchange;
import io.dualstack.Meters;
import io.dualstack.impl.http.Answer;
import io.dualstack.impl.http.JsonBody.MalformedException;
import io.dualstack.impl.http.MutualTls;
import io.dualstack.impl.http.Plain;
import io.dualstack.impl.http.Query;
import io.dualstack.impl.http.TlsServer;
import io.dualstack.policy.PolicyDestination;
import io.dualstack.policy.PolicyFilter;
import io.dualstack.policy.PolicyStore;
import io.dualstack.policy.TaggedPolicy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a store of policies to cells over the policy server's internal API with mutual TLS. Paths,
 * status codes and bodies are the policy server's. Policies whose destination is addresses, which
 * it never told, are told only to who asks for them with {@code egress=true}.
 */
public final class InternalPolicyServer {

  private static final Logger LOG = LoggerFactory.getLogger(InternalPolicyServer.class);

  private static final int MAX_BODY = 1 << 16;

  /** As in the original, any version will do. */
  private static final Pattern PATH = Pattern.compile("/networking/[^/]+/internal/([a-z_]+)");

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final PolicyStore store;
  private final Meters meters;

  private InternalPolicyServer(PolicyStore store, Meters meters) {
    this.store = store;
    this.meters = meters;
  }

  /**
   * Starts to serve.
   *
   * @param address where to listen; port 0 picks a free one
   * @throws IOException if it can't listen there
   */
  public static TlsServer start(
      InetSocketAddress address, MutualTls tls, PolicyStore store, Meters meters)
      throws IOException {
    return TlsServer.start(
        address, tls, "policy-server-internal", new InternalPolicyServer(store, meters)::route);
  }

  private interface Call {
    Answer answer(HttpExchange exchange) throws IOException, MalformedException;
  }

  private void route(HttpExchange exchange) throws IOException {
    Matcher path = PATH.matcher(exchange.getRequestURI().getPath());
    switch (path.matches() ? path.group(1) : "") {
      case "policies" -> handle(exchange, "GET", "InternalPolicies", this::policies);
      case "policies_last_updated" ->
          handle(exchange, "GET", "InternalPoliciesLastUpdated", this::lastUpdated);
      case "security_groups" ->
          handle(exchange, "GET", "InternalSecurityGroups", this::securityGroups);
      case "tags" -> handle(exchange, "PUT", "InternalTags", this::tag);
      default -> Plain.sendNotFound(exchange);
    }
  }

  private void handle(HttpExchange exchange, String method, String name, Call call)
      throws IOException {
    if (!exchange.getRequestMethod().equals(method)) {
      Plain.sendNotAllowed(exchange, method);
      return;
    }
    long start = System.nanoTime();
    Answer answer;
    try {
      answer = call.answer(exchange);
    } catch (MalformedException e) {
      answer = Answer.error(400, "unmarshal-request: " + e.getMessage());
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("request", name).setCause(e).log("request failed");
      answer = Answer.error(500, String.valueOf(e.getMessage()));
    }
    meters.time(name, Duration.ofNanos(System.nanoTime() - start));
    if (answer.status() >= 400) {
      meters.count("http_error");
    }
    Plain.send(exchange, answer);
  }

  private Answer policies(HttpExchange exchange) {
    Query query = Query.of(exchange);
    boolean egress = query.text("egress").filter("true"::equals).isPresent();
    List<TaggedPolicy> policies =
        store.policies(PolicyFilter.touching(query.list("id"))).stream()
            .filter(
                policy -> egress || policy.policy().destination() instanceof PolicyDestination.App)
            .toList();
    return Answer.ok(PolicyDocument.tagged(policies));
  }

  private Answer lastUpdated(HttpExchange unused) {
    Instant at = store.lastUpdated();
    return Answer.ok(Long.toString(at.getEpochSecond() * NANOS_PER_SECOND + at.getNano()));
  }

  private Answer securityGroups(HttpExchange exchange) {
    Query query = Query.of(exchange);
    return Answer.ok(
        SecurityGroupDocument.write(
            store.securityGroups(
                query.list("space_guids"),
                number(query, "from"),
                (int) Math.min(Integer.MAX_VALUE - 1, number(query, "limit")))));
  }

  private static long number(Query query, String name) {
    String text = query.text(name).orElse("0");
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s: \"%s\": must be a whole number".formatted(name, text), e);
    }
  }

  private Answer tag(HttpExchange exchange) throws IOException, MalformedException {
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
    if (body.length > MAX_BODY) {
      return Answer.error(400, "read-body: request body too large");
    }
    TagDocument.Wish wish = TagDocument.readWish(body);
    return Answer.ok(TagDocument.write(store.tag(wish.id(), wish.type())));
  }
}
