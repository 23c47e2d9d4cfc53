package io.dualstack.impl.allocation;

import io.dualstack.Dualstack;
import io.dualstack.allocation.Allocation;
import io.dualstack.allocation.AllocationRequest;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpPrefix;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Durable allocations a second on one PostgreSQL server that flushes: callers of an allocator that
 * share transactions; beside clients who commit one row each, which nobody but a unique index
 * guards; and beside the director's way, who looks for the lowest free address, inserts it, and
 * does so again when the unique index refuses it.
 *
 * <p>{@code java -jar impl/target/benchmarks.jar PostgresAllocationBenchmark}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 1, time = 5)
@Measurement(iterations = 3, time = 5)
public class PostgresAllocationBenchmark {

  private static final int CALLERS = 64;
  private static final int BATCH = 4_096;

  private final AtomicLong owners = new AtomicLong();
  private EmbeddedPostgres server;
  private String url;
  private Dualstack dualstack;
  private PrefixAllocator allocator;

  /** Starts a server with empty databases. */
  @Setup(Level.Trial)
  public void open() throws IOException, SQLException {
    server =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("max_connections", "200")
            .start();
    url = server.getJdbcUrl("postgres", "postgres");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE plain (block cidr PRIMARY KEY, owner text NOT NULL)");
      statement.execute("CREATE TABLE directors (address bigint PRIMARY KEY, owner text NOT NULL)");
    }
    dualstack = Dualstack.builder().store(url).build();
    allocator = dualstack.allocator();
    allocator.define(
        NetworkSet.of(
            new NetworkDefinition.Manual(
                "cells",
                List.of(Subnet.of(IpPrefix.parse("2001:db8::/40")).prefixLength(80).build()))));
  }

  /** Stops it. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    dualstack.close();
    server.close();
  }

  /** A connection for each client. */
  @State(Scope.Thread)
  public static class Client {
    Connection connection;

    /** Connects. */
    @Setup(Level.Trial)
    public void connect(PostgresAllocationBenchmark server) throws SQLException {
      connection = DriverManager.getConnection(server.url);
    }

    /** Disconnects. */
    @TearDown(Level.Trial)
    public void disconnect() throws SQLException {
      connection.close();
    }
  }

  private AllocationRequest request() {
    return AllocationRequest.forOwner("cf/cell/" + owners.incrementAndGet()).from("cells").build();
  }

  @Benchmark
  @Threads(1)
  public Allocation oneCaller() {
    return allocator.allocate(request());
  }

  @Benchmark
  @Threads(CALLERS)
  public Allocation callersShareCommits() {
    return allocator.allocate(request());
  }

  /** Thousands at once, by callers that keep no thread. */
  @Benchmark
  @Threads(1)
  @OperationsPerInvocation(BATCH)
  public void thousandsAtOnce() {
    CompletableFuture.allOf(
            IntStream.range(0, BATCH)
                .mapToObj(i -> allocator.allocateAsync(request()).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new))
        .join();
  }

  @Benchmark
  @Threads(1)
  public int oneInsertPerCommit(Client client) throws SQLException {
    return insert(client);
  }

  @Benchmark
  @Threads(CALLERS)
  public int oneInsertPerCommitByMany(Client client) throws SQLException {
    return insert(client);
  }

  private int insert(Client client) throws SQLException {
    long number = owners.incrementAndGet();
    try (PreparedStatement insert =
        client.connection.prepareStatement("INSERT INTO plain VALUES (?::cidr, ?)")) {
      insert.setString(1, IpPrefix.parse("2001:db8::/40").nth(80, number).toString());
      insert.setString(2, "cf/cell/" + number);
      return insert.executeUpdate();
    }
  }

  @Benchmark
  @Threads(CALLERS)
  public long directorsRetry(Client client) throws SQLException {
    String owner = "cf/cell/" + owners.incrementAndGet();
    while (true) {
      long address = lowestFree(client);
      try (PreparedStatement insert =
          client.connection.prepareStatement(
              "INSERT INTO directors VALUES (?, ?) ON CONFLICT DO NOTHING")) {
        insert.setLong(1, address);
        insert.setString(2, owner);
        if (insert.executeUpdate() == 1) {
          return address;
        }
      }
    }
  }

  /** Nothing is released here, so that the lowest free one follows the highest. */
  private static long lowestFree(Client client) throws SQLException {
    try (PreparedStatement query =
            client.connection.prepareStatement(
                "SELECT coalesce(max(address), 0) + 1 FROM directors");
        ResultSet row = query.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }
}
