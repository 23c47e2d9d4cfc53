package io.dualstack.impl.policy.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dualstack.DualstackException;
import io.dualstack.impl.firewall.FirewallBackend;
import io.dualstack.impl.firewall.backend.Backends;
import io.dualstack.impl.http.Answer;
import io.dualstack.impl.http.JsonBody;
import io.dualstack.impl.http.JsonBody.MalformedException;
import io.dualstack.impl.http.Listening;
import io.dualstack.impl.http.MutualTls;
import io.dualstack.impl.http.Plain;
import io.dualstack.impl.http.Query;
import io.dualstack.impl.http.RemoteService;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.metrics.MetricsServer;
import io.dualstack.impl.metrics.PrometheusMeters;
import io.dualstack.impl.policy.http.PolicyAgentClient;
import io.dualstack.impl.policy.http.PolicyServerClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policy agent: it follows the policy server, does at once what the wrapper plugin asks for,
 * and tells its numbers. Rules stay when it ends, and a new one takes over what is in the kernel.
 */
public final class AgentService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AgentService.class);

  private static final MutualTls.Names NAMES =
      new MutualTls.Names("/ca_cert_file", "/client_cert_file", "/client_key_file");

  private static final String NOT_OURS =
      "security groups are not this agent's: enable_asg_syncing is off";

  private static final int MAX_BODY = 1 << 10;

  private final PolicyCycle policies;
  private final @Nullable GroupCycle groups;
  private final LastGroups lastGroups = new LastGroups(System::nanoTime);
  private final PrometheusMeters meters;
  private final Deque<Runnable> ends = new ArrayDeque<>();
  private final int forcePort;
  private final int debugPort;

  private AgentService(AgentConfig config, Namespace host) {
    meters = PrometheusMeters.of("/debug_server_port", "vxlan_policy_agent");
    AgentConfig.Files files = config.files();
    PolicySource server =
        PolicySource.of(
            new PolicyServerClient(
                RemoteService.of(
                    config.server(),
                    config.timeout(),
                    MutualTls.read(files.ca(), files.certificate(), files.key(), NAMES))));
    // As the original: without the server nothing begins, and what is in the kernel stays.
    LOG.atInfo()
        .addKeyValue("policies", server.policies(List.of()).size())
        .log("the policy server answers");
    Containers containers = Containers.of(config.datastore());
    FirewallBackend backend =
        Backends.open(config.backend(), config.cell(), host, config.lockFile());
    policies = new PolicyCycle(containers, server, backend, config.policies(), meters);
    Duration groupInterval = config.groupInterval();
    groups =
        groupInterval == null
            ? null
            : new GroupCycle(containers, server, backend, meters, lastGroups);
    try {
      HttpServer force =
          Listening.at(
              "/force_policy_poll_cycle_port",
              config.force(),
              address -> Plain.start(address, this::force));
      ends.push(() -> force.stop(0));
      forcePort = force.getAddress().getPort();
      HttpServer debug =
          Listening.at(
              "/debug_server_port",
              config.debug(),
              address -> MetricsServer.start(address, meters, () -> {}, this::debug));
      ends.push(() -> debug.stop(0));
      debugPort = debug.getAddress().getPort();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    ScheduledExecutorService rounds =
        Executors.newScheduledThreadPool(
            2,
            task -> {
              Thread thread = new Thread(task, "policy-agent-rounds");
              thread.setDaemon(true);
              return thread;
            });
    ends.push(rounds::shutdownNow);
    repeat(rounds, config.pollInterval(), "policies", policies::poll);
    if (groups != null && groupInterval != null) {
      repeat(rounds, groupInterval, "security groups", groups::cycle);
    }
    repeat(
        rounds, config.pollInterval(), "rules in the kernel", () -> restore(containers, backend));
  }

  /**
   * Starts the agent.
   *
   * @param host the namespace of the cell
   * @throws io.dualstack.StoreUnavailableException if the policy server does not answer
   * @throws io.dualstack.InvalidConfigurationException if a certificate can't be used, or it can't
   *     listen where it should
   */
  public static AgentService start(AgentConfig config, Namespace host) {
    return new AgentService(config, host);
  }

  private void repeat(
      ScheduledExecutorService rounds, Duration interval, String what, Runnable round) {
    Objects.requireNonNull(
        rounds.scheduleWithFixedDelay(
            () -> attempt(what, round), 0, interval.toMillis(), TimeUnit.MILLISECONDS));
  }

  private void restore(Containers containers, FirewallBackend backend) {
    Set<String> there =
        containers.read().stream()
            .map(each -> each.container().handle())
            .collect(Collectors.toSet());
    if (backend.restore(there::contains)) {
      meters.count("rulesRestored");
    }
  }

  private void attempt(String what, Runnable round) {
    try {
      round.run();
    } catch (DualstackException e) {
      meters.count("pollFailure");
      LOG.atWarn().log("{} stay as they are: {}", what, e.getMessage());
    } catch (RuntimeException e) {
      // Whoever runs this again and again would stop at an exception, without a word.
      meters.count("pollFailure");
      LOG.atError().setCause(e).log("{} stay as they are", what);
    }
  }

  // What the wrapper plugin asks for

  private void force(HttpExchange exchange) throws IOException {
    switch (exchange.getRequestURI().getPath()) {
      case "/force-policy-poll-cycle" ->
          Plain.send(exchange, done("force policy poll cycle", policies::force));
      case "/force-asgs-for-container" ->
          Plain.send(exchange, forContainer(exchange, GroupCycle::force));
      case "/force-orphaned-asgs-cleanup" ->
          Plain.send(exchange, forContainer(exchange, GroupCycle::forget));
      default -> Plain.sendNotFound(exchange);
    }
  }

  private interface Doing {
    void apply(GroupCycle groups, String handle);
  }

  private Answer forContainer(HttpExchange exchange, Doing doing) {
    GroupCycle cycle = groups;
    if (cycle == null) {
      return Answer.error(405, NOT_OURS);
    }
    return Query.of(exchange)
        .text("container")
        .map(handle -> done("container " + handle, () -> doing.apply(cycle, handle)))
        .orElseGet(() -> Answer.error(400, "container: is missing; add ?container=HANDLE"));
  }

  private Answer done(String what, Runnable work) {
    try {
      work.run();
      return Answer.ok("");
    } catch (RuntimeException e) {
      meters.count("forceFailure");
      LOG.atError().setCause(e).log("not done: {}", what);
      return Answer.error(500, what + ": " + e.getMessage());
    }
  }

  // Debugging

  private void debug(HttpExchange exchange) throws IOException {
    switch (exchange.getRequestURI().getPath()) {
      case "/iptables-c2c-logging" -> debugLogging(exchange);
      case PolicyAgentClient.GROUPS -> tellGroups(exchange);
      default -> Plain.sendNotFound(exchange);
    }
  }

  private void tellGroups(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestMethod().equals("GET")) {
      Plain.sendNotAllowed(exchange, "GET");
      return;
    }
    Answer answer = syncsGroups() ? lastGroups.answer() : Answer.error(501, NOT_OURS);
    Plain.send(exchange, answer.status(), "application/json", answer.body());
  }

  private void debugLogging(HttpExchange exchange) throws IOException {
    switch (exchange.getRequestMethod()) {
      case "GET" -> Plain.send(exchange, logging());
      case "PUT" -> Plain.send(exchange, log(exchange.getRequestBody().readNBytes(MAX_BODY)));
      default -> Plain.sendNotAllowed(exchange, "GET, PUT");
    }
  }

  private Answer logging() {
    return Answer.ok(JsonBody.bytes(JsonBody.object().put("enabled", policies.isLogging())));
  }

  private Answer log(byte[] body) {
    try {
      JsonNode wish = JsonBody.read(body);
      if (!wish.path("enabled").isBoolean()) {
        return Answer.error(400, "enabled: is missing; write {\"enabled\": true} or false");
      }
      policies.log(JsonBody.flag(wish, "enabled"));
      return logging();
    } catch (MalformedException e) {
      return Answer.error(400, String.valueOf(e.getMessage()));
    }
  }

  /** Returns where the wrapper plugin asks. */
  public int forcePort() {
    return forcePort;
  }

  /** Returns where metrics are. */
  public int debugPort() {
    return debugPort;
  }

  /** Says whether security groups are this agent's business. */
  public boolean syncsGroups() {
    return groups != null;
  }

  @Override
  public void close() {
    while (!ends.isEmpty()) {
      ends.pop().run();
    }
  }
}
