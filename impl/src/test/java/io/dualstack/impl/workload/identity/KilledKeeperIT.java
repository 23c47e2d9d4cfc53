package io.dualstack.impl.workload.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.routing.InstalledServer;
import io.dualstack.workload.CredentialKeeper;
import io.dualstack.workload.IdentityConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A keeper that replaces its credential without end is killed wherever it is. */
class KilledKeeperIT {
  private static final int KILLS = 20;

  /** Who has begun with so many credentials wasn't killed when it should be. */
  private static final int MOST = 20;

  private static final List<String> TIDY = List.of("..current", "instance.crt", "instance.key");

  @TempDir private Path folder;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private AuthorityFiles files;
  private Path kept;

  @BeforeEach
  void makeAnAuthority() throws Exception {
    files = AuthorityFiles.in(folder, "EC", true);
    kept = folder.resolve("kept");
  }

  @Test
  void after_each_kill_there_is_a_valid_pair_and_the_next_keeper_goes_on_from_there()
      throws Exception {
    int untidy = 0;
    for (int i = 0; i < KILLS; i++) {
      killSomewhere();

      assertValidPair("seed %s, kill %d".formatted(seed, i));
      untidy += namesBeside().isEmpty() ? 0 : 1;
    }
    assertThat(untidy).as("seed %s: kills in the middle of a replacement", seed).isPositive();

    assertTheNextKeeperTidiesUp();
  }

  private void assertValidPair(String when) throws GeneralSecurityException {
    KeptPair pair = KeptPair.in(kept);
    assertThat(pair.belongsTogether()).as(when).isTrue();
    pair.certificate().checkValidity();
    pair.certificate().verify(Pem.certificate(files.certificate()).getPublicKey());
  }

  private void assertTheNextKeeperTidiesUp() throws IOException {
    KeptPair left = KeptPair.in(kept);
    try (CredentialKeeper next = keep()) {
      assertThat(KeptPair.in(kept)).isNotEqualTo(left).matches(KeptPair::belongsTogether);
      assertThat(next.current().certificates())
          .isEqualTo(Files.readString(kept.resolve("instance.crt")));
      assertThat(namesBeside()).isEmpty();
    }
  }

  private CredentialKeeper keep() {
    return SigningAuthority.open(
            IdentityConfig.of(files.certificate(), files.key()), Clock.systemUTC())
        .keep(RotatingKeeper.IDENTITY, kept);
  }

  private void killSomewhere() throws IOException, InterruptedException {
    try (RotatingKeeper keeper = RotatingKeeper.start(List.of(), folder, kept)) {
      keeper.await(2 + random.nextInt(20));
      // A replacement takes a few milliseconds.
      LockSupport.parkNanos(random.nextInt(10_000_000));
      keeper.kill();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mkdir", "fsync", "symlink", "rename", "unlink"})
  void each_step_of_a_replacement_can_be_the_last(String call) throws Exception {
    keep().close();
    int kills = 0;
    int begun;
    do {
      kills++;
      begun = startAndKillAt(call, kills);
      assertValidPair("killed at %s %d".formatted(call, kills));
    } while (begun == 1);
    assertThat(begun).as("credentials begun with until %s %d", call, kills).isLessThan(MOST);
    assertThat(kills).as("kills in the first replacement, and one after").isGreaterThan(1);
    assertTheNextKeeperTidiesUp();
  }

  /** Returns how many credentials it has begun with. */
  private int startAndKillAt(String call, int time) throws IOException, InterruptedException {
    try (RotatingKeeper keeper = RotatingKeeper.start(killedAt(call, time), folder, kept)) {
      int begun = keeper.awaitEnd(MOST);
      keeper.kill();
      assertThat(begun).as("%s", keeper.errors()).isPositive();
      return begun;
    }
  }

  @Test
  void the_first_pair_is_whole_or_not_there() throws Exception {
    int begun;
    int kills = 0;
    do {
      kept = folder.resolve("kept" + kills);
      kills++;
      begun = startAndKillAt("rename", kills);
      if (Stream.of("instance.crt", "instance.key").map(kept::resolve).anyMatch(Files::exists)) {
        assertValidPair("killed at rename " + kills);
      }
    } while (begun == 1);
    assertThat(kills).isGreaterThan(1);
    assertTheNextKeeperTidiesUp();
  }

  /** Has it killed when a thread is about to do a system call for the n-th time. */
  private static List<String> killedAt(String call, int time) {
    // Machines that lack the one have the other.
    String calls = "?%s,?%1$sat".formatted(call);
    return List.of(
        InstalledServer.find("strace"),
        "-f",
        "-qq",
        "-o",
        "/dev/null",
        "-e",
        "trace=" + calls,
        "-e",
        "inject=%s:signal=KILL:when=%d".formatted(calls, time));
  }

  /** What is there beside the links and the one generation that they lead to. */
  private List<String> namesBeside() throws IOException {
    Path generation = Files.readSymbolicLink(kept.resolve("..current"));
    try (Stream<Path> all = Files.list(kept)) {
      return all.map(path -> path.getFileName().toString())
          .filter(name -> !TIDY.contains(name) && !name.equals(generation.toString()))
          .sorted()
          .toList();
    }
  }
}
