package io.dualstack.impl.policy.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.dualstack.Meters;
import io.dualstack.PolicyRefusedException;
import io.dualstack.impl.http.Answer;
import io.dualstack.impl.http.JsonBody;
import io.dualstack.impl.http.JsonBody.MalformedException;
import io.dualstack.impl.http.Plain;
import io.dualstack.impl.http.Query;
import io.dualstack.impl.http.Uptime;
import io.dualstack.impl.policy.cloud.Caller;
import io.dualstack.impl.policy.cloud.CloudController;
import io.dualstack.impl.policy.cloud.TokenVerifier;
import io.dualstack.impl.policy.sync.StalePolicies;
import io.dualstack.policy.NetworkPolicy;
import io.dualstack.policy.PolicyFilter;
import io.dualstack.policy.PolicyRefusal;
import io.dualstack.policy.PolicyStore;
import io.dualstack.policy.TaggedPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policy server's external API over a store: paths, status codes, bodies and the order of
 * checks are the policy server's. Errors are JSON whatever they say.
 */
public final class ExternalPolicyApi implements HttpHandler {

  private static final Logger LOG = LoggerFactory.getLogger(ExternalPolicyApi.class);

  private static final int MAX_BODY = 10 << 20;

  private static final Pattern PATH =
      Pattern.compile(
          "/networking/([^/]+)/external/(whoami|tags|policies|policies/delete|policies/cleanup)");

  private static final Pattern BEARER = Pattern.compile("[Bb]earer +(\\S+)");

  private final PolicyStore store;
  private final TokenVerifier tokens;
  private final SpaceAccess access;
  private final StalePolicies stale;
  private final Rules rules;
  private final Meters meters;
  private final Uptime uptime = new Uptime("Network policy server");

  /**
   * What operators decide.
   *
   * @param mostPerSource of how many policies an application may be the source, unless an
   *     administrator creates them
   * @param selfService whether developers need no scope
   * @param corsDomains the origins whose pages may call; {@code *} for all
   */
  public record Rules(int mostPerSource, boolean selfService, Set<String> corsDomains) {
    /** Copies the origins. */
    public Rules {
      corsDomains = Set.copyOf(corsDomains);
    }
  }

  /** Answers requests to a store. */
  public ExternalPolicyApi(
      PolicyStore store,
      TokenVerifier tokens,
      CloudController controller,
      Rules rules,
      Meters meters) {
    this.store = store;
    this.tokens = tokens;
    this.access = new SpaceAccess(controller);
    this.stale = new StalePolicies(store, controller);
    this.rules = rules;
    this.meters = meters;
  }

  /** What a caller asks for. */
  private record Request(Caller caller, int version, Query query, byte[] body) {}

  private interface Call {
    Answer answer(Request request) throws MalformedException;
  }

  /** A request that is refused, and how. */
  private static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    RefusedException(int status, String message) {
      super(message);
      this.status = status;
    }
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    Matcher api = PATH.matcher(path);
    if (api.matches()) {
      allowOrigin(exchange);
      call(exchange, api.group(1), api.group(2));
      return;
    }
    switch (path) {
      case "/", "/networking" -> Plain.send(exchange, uptime.answer());
      case "/health" -> Plain.send(exchange, Answer.ok(""));
      default -> Plain.sendNotFound(exchange);
    }
  }

  private void allowOrigin(HttpExchange exchange) {
    String origin = exchange.getRequestHeaders().getFirst("Origin");
    if (origin != null
        && (rules.corsDomains().contains("*") || rules.corsDomains().contains(origin))) {
      exchange.getResponseHeaders().set("Access-Control-Allow-Origin", origin);
      exchange.getResponseHeaders().set("Vary", "Origin");
      exchange.getResponseHeaders().set("Access-Control-Allow-Methods", "GET,POST,OPTIONS");
      exchange
          .getResponseHeaders()
          .set("Access-Control-Allow-Headers", "Authorization,Content-Type");
    }
  }

  private void call(HttpExchange exchange, String version, String what) throws IOException {
    String method = exchange.getRequestMethod();
    if (method.equals("OPTIONS")) {
      Plain.send(exchange, Answer.ok(""));
      return;
    }
    Set<String> writers = Set.of(Caller.ADMIN, Caller.WRITE);
    Set<String> admins = Set.of(Caller.ADMIN);
    switch (method + " " + what) {
      case "GET whoami" -> answer(exchange, version, "WhoAmI", admins, this::whoami);
      case "GET tags" -> answer(exchange, version, "TagsIndex", admins, this::tags);
      case "GET policies" -> answer(exchange, version, "PoliciesIndex", writers, this::list);
      case "POST policies" -> answer(exchange, version, "CreatePolicies", writers, this::create);
      case "POST policies/delete" ->
          answer(exchange, version, "DeletePolicies", writers, this::delete);
      case "POST policies/cleanup" ->
          answer(exchange, version, "PoliciesCleanup", admins, this::cleanup);
      default ->
          Plain.sendNotAllowed(
              exchange,
              switch (what) {
                case "policies" -> "GET, POST, OPTIONS";
                case "whoami", "tags" -> "GET, OPTIONS";
                default -> "POST, OPTIONS";
              });
    }
  }

  private void answer(
      HttpExchange exchange, String version, String name, Set<String> scopes, Call call)
      throws IOException {
    long start = System.nanoTime();
    Answer answer;
    try {
      if (!version.equals("v0") && !version.equals("v1")) {
        throw new RefusedException(406, "api version %s is none; use v0 or v1".formatted(version));
      }
      Caller caller = caller(exchange, scopes);
      byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
      if (body.length > MAX_BODY) {
        throw new RefusedException(400, "reading request body: request body too large");
      }
      answer = call.answer(new Request(caller, version.charAt(1) - '0', Query.of(exchange), body));
    } catch (RefusedException e) {
      answer = Answer.error(e.status, String.valueOf(e.getMessage()));
    } catch (MalformedException e) {
      answer = Answer.error(400, "mapper: " + e.getMessage());
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("request", name).setCause(e).log("request failed");
      answer = Answer.error(500, String.valueOf(e.getMessage()));
    }
    meters.time(name, Duration.ofNanos(System.nanoTime() - start));
    if (answer.status() >= 400) {
      meters.count("http_error");
      LOG.atInfo()
          .addKeyValue("request", name)
          .addKeyValue("status", answer.status())
          .log("request refused");
    }
    Plain.send(exchange, answer);
  }

  // Who calls

  private Caller caller(HttpExchange exchange, Set<String> scopes) throws RefusedException {
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    if (header == null || header.isEmpty()) {
      throw new RefusedException(401, "missing authorization header");
    }
    Matcher bearer = BEARER.matcher(header);
    if (!bearer.matches()) {
      throw new RefusedException(401, "authorization header is no bearer token");
    }
    Optional<Caller> caller = tokens.verify(bearer.group(1));
    if (caller.isEmpty()) {
      throw new RefusedException(401, "failed to verify token with uaa");
    }
    boolean anyScope = rules.selfService() && scopes.contains(Caller.WRITE);
    if (!anyScope && scopes.stream().noneMatch(caller.get().scopes()::contains)) {
      throw new RefusedException(
          403,
          "provided scopes %s do not include allowed scopes %s"
              .formatted(
                  caller.get().scopes().stream().sorted().toList(),
                  scopes.stream().sorted().toList()));
    }
    return caller.get();
  }

  private Answer whoami(Request request) {
    Caller caller = request.caller();
    return Answer.ok(
        JsonBody.bytes(
            JsonBody.object()
                .put(
                    "subject",
                    caller.userName().isEmpty() ? caller.subject() : caller.userName())));
  }

  // Policies

  private Answer list(Request request) {
    Set<String> ends = request.query().list("id");
    PolicyFilter filter =
        ends.isEmpty()
            ? new PolicyFilter(
                Set.of(), request.query().list("source_id"), request.query().list("dest_id"))
            : PolicyFilter.touching(ends);
    List<NetworkPolicy> policies =
        store.policies(filter).stream().map(TaggedPolicy::policy).toList();
    return told(request, access.visible(request.caller(), policies));
  }

  private static Answer told(Request request, List<NetworkPolicy> policies) {
    return Answer.ok(
        request.version() == 0
            ? PolicyDocument.untaggedV0(policies)
            : PolicyDocument.untagged(policies));
  }

  private Answer create(Request request) throws MalformedException {
    List<NetworkPolicy> policies = PolicyValidation.read(request.body(), request.version());
    if (!access.mayWrite(request.caller(), policies)) {
      return noAccess();
    }
    try {
      store.create(
          policies, request.caller().isAdmin() ? Integer.MAX_VALUE : rules.mostPerSource());
    } catch (PolicyRefusedException e) {
      if (e.refusal() instanceof PolicyRefusal.QuotaExceeded) {
        return Answer.error(403, "policy quota exceeded: " + e.refusal().message());
      }
      throw e;
    }
    logged(request, "policies created", policies);
    return Answer.emptyObject();
  }

  private Answer delete(Request request) throws MalformedException {
    List<NetworkPolicy> policies = PolicyValidation.read(request.body(), request.version());
    if (!access.mayWrite(request.caller(), policies)) {
      return noAccess();
    }
    store.delete(policies);
    logged(request, "policies deleted", policies);
    return Answer.emptyObject();
  }

  private static Answer noAccess() {
    return Answer.error(
        403, "one or more applications cannot be found or accessed; use those you develop");
  }

  private static void logged(Request request, String what, List<NetworkPolicy> policies) {
    LOG.atInfo()
        .addKeyValue("subject", request.caller().subject())
        .addKeyValue("policies", policies.size())
        .log(what);
  }

  private Answer cleanup(Request request) {
    return told(request, stale.delete());
  }

  private Answer tags(Request unused) {
    return Answer.ok(TagDocument.write(store.groups()));
  }
}
