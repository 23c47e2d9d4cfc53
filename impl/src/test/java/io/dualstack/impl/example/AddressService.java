package io.dualstack.impl.example;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dualstack.AllocationConflictException;
import io.dualstack.Dualstack;
import io.dualstack.PoolExhaustedException;
import io.dualstack.allocation.Allocation;
import io.dualstack.allocation.AllocationRequest;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.allocation.ReleaseOutcome;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpPrefix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * A service that gives each machine an IPv4 address and an IPv6 prefix: {@code PUT /machines/NAME},
 * as often as one likes, and {@code DELETE /machines/NAME}.
 */
final class AddressService implements AutoCloseable {
  private static final String PATH = "/machines/";
  private static final NetworkSet NETWORKS =
      NetworkSet.of(
          new NetworkDefinition.Manual(
              "machines", List.of(Subnet.of(IpPrefix.parse("10.0.16.0/20")).build())),
          new NetworkDefinition.Manual(
              "prefixes",
              List.of(
                  Subnet.of(IpPrefix.parse("2001:db8:4e04:d139::/64")).prefixLength(80).build())));

  private final Dualstack dualstack;
  private final PrefixAllocator allocator;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(16);

  AddressService(String store) throws IOException {
    dualstack = Dualstack.builder().store(store).build();
    allocator = dualstack.allocator();
    allocator.define(NETWORKS);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(PATH, this::answer);
    server.setExecutor(threads);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String machine = exchange.getRequestURI().getPath().substring(PATH.length());
    try (exchange) {
      switch (exchange.getRequestMethod()) {
        case "PUT" -> put(exchange, machine);
        case "DELETE" -> delete(exchange, machine);
        default -> say(exchange, 405, "use PUT or DELETE");
      }
    }
  }

  private void put(HttpExchange exchange, String machine) throws IOException {
    try {
      // Durable before it returns. An owner that asks again gets what it has.
      Allocation held =
          allocator.allocate(
              AllocationRequest.forOwner(machine).from("machines").from("prefixes").build());
      say(
          exchange,
          200,
          held.blocks().stream()
              .map(block -> block.network() + " " + block.block())
              .collect(Collectors.joining("\n")));
    } catch (IllegalArgumentException e) {
      say(exchange, 400, String.valueOf(e.getMessage()));
    } catch (PoolExhaustedException | AllocationConflictException e) {
      // The message says what is left, or who is in the way.
      say(exchange, 409, String.valueOf(e.getMessage()));
    }
  }

  private void delete(HttpExchange exchange, String machine) throws IOException {
    ReleaseOutcome outcome = allocator.release(new Owner(machine));
    int gone = outcome instanceof ReleaseOutcome.Released released ? released.blocks().size() : 0;
    say(exchange, 200, gone + " released");
  }

  private static void say(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(1);
    threads.shutdown();
    dualstack.close();
  }
}
