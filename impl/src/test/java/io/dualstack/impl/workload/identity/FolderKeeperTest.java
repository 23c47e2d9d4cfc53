package io.dualstack.impl.workload.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.net.IpAddress;
import io.dualstack.workload.CredentialKeeper;
import io.dualstack.workload.IdentityConfig;
import io.dualstack.workload.IdentityKey;
import io.dualstack.workload.InstanceCredential;
import io.dualstack.workload.InstanceIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderKeeperTest {
  private static final InstanceIdentity IDENTITY =
      new InstanceIdentity(
          "guid", List.of("app:a"), List.of("guid"), List.of(IpAddress.parse("10.255.3.7")));
  private static final InstanceIdentity OTHER =
      new InstanceIdentity(
          "guid",
          List.of("app:a"),
          List.of("guid"),
          List.of(IpAddress.parse("10.255.3.7"), IpAddress.parse("2001:db8::7")));

  @TempDir private Path folder;
  private Path kept;
  private AuthorityFiles files;
  private SigningAuthority authority;
  private HastyAuthority hasty;

  @BeforeEach
  void makeAnAuthority() throws Exception {
    files = AuthorityFiles.in(folder, "EC", true);
    kept = folder.resolve("creds/guid");
    authority = authority(files, Duration.ofHours(24));
    hasty = new HastyAuthority(authority);
  }

  private static SigningAuthority authority(AuthorityFiles files, Duration validity) {
    return SigningAuthority.open(
        new IdentityConfig(files.certificate(), files.key(), validity, IdentityKey.EC_P256),
        Clock.systemUTC());
  }

  private InstanceCredential written() throws IOException {
    return new InstanceCredential(
        Files.readString(kept.resolve("instance.crt")),
        Files.readString(kept.resolve("instance.key")),
        Instant.EPOCH,
        Instant.EPOCH,
        Instant.EPOCH);
  }

  private void assertKept(CredentialKeeper keeper) throws IOException {
    assertThat(written().certificates()).isEqualTo(keeper.current().certificates());
    assertThat(written().privateKey()).isEqualTo(keeper.current().privateKey());
  }

  @Test
  void the_pair_is_there_and_the_key_is_its_owners() throws IOException {
    try (CredentialKeeper keeper = authority.keep(IDENTITY, kept)) {
      assertKept(keeper);
      assertThat(mode("instance.key")).isEqualTo("rw-------");
      assertThat(mode("instance.crt")).isEqualTo("rw-r--r--");
    }
  }

  private String mode(String file) throws IOException {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(kept.resolve(file).toRealPath()));
  }

  @Test
  void another_identity_replaces_it_and_leaves_no_other_generation() throws IOException {
    try (CredentialKeeper keeper = authority.keep(IDENTITY, kept)) {
      InstanceCredential first = keeper.current();
      keeper.change(IDENTITY);
      assertThat(keeper.current()).isSameAs(first);

      keeper.change(OTHER);

      assertThat(keeper.current()).isNotEqualTo(first);
      assertKept(keeper);
      assertThat(generations()).hasSize(1);
    }
  }

  private List<Path> generations() throws IOException {
    try (Stream<Path> files = Files.list(kept)) {
      return files.filter(file -> file.getFileName().toString().contains("generation")).toList();
    }
  }

  @Test
  void what_a_killed_process_left_is_in_nobodys_way() throws IOException {
    authority.keep(IDENTITY, kept).close();
    Files.createSymbolicLink(kept.resolve("....current.new"), Path.of("gone"));
    Files.createDirectory(kept.resolve("..generation-left"));
    Files.writeString(kept.resolve("..generation-left/instance.key"), "half");

    try (CredentialKeeper keeper = authority.keep(IDENTITY, kept)) {
      assertKept(keeper);
      assertThat(kept.resolve("..generation-left")).doesNotExist();
    }
  }

  @Test
  void a_stopped_instance_is_nobody() throws Exception {
    CredentialKeeper keeper = authority.keep(IDENTITY, kept);
    String before = written().certificates();

    keeper.close();
    keeper.close();

    assertThat(written().certificates())
        .isNotEqualTo(before)
        .isEqualTo(keeper.current().certificates());
    assertThatThrownBy(() -> keeper.change(IDENTITY)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void it_is_replaced_before_it_ends() throws Exception {
    try (CredentialKeeper keeper = authority(files, Duration.ofSeconds(2)).keep(IDENTITY, kept)) {
      InstanceCredential first = keeper.current();
      awaitUntil(() -> !keeper.current().equals(first));
      assertThat(keeper.current().notBefore()).isBefore(first.notAfter());
      assertKept(keeper);
    }
  }

  @Test
  void while_it_is_replaced_without_end_every_look_finds_key_and_certificate_of_one_pair()
      throws Exception {
    Set<BigInteger> seen = new HashSet<>();
    try (CredentialKeeper keeper = hasty.keep(IDENTITY, kept)) {
      while (seen.size() < 50) {
        KeptPair pair = KeptPair.byOneLook(kept);
        assertThat(pair.belongsTogether()).as("after %d", seen.size()).isTrue();
        seen.add(pair.certificate().getSerialNumber());
      }
      assertThat(keeper.current()).isNotNull();
    }
  }

  @Test
  void a_replacement_that_is_refused_leaves_the_pair_and_is_tried_again() throws Exception {
    AtomicInteger refused = new AtomicInteger();
    try (CredentialKeeper keeper = hasty.keep(IDENTITY, kept)) {
      hasty.before(
          () -> {
            if (refused.incrementAndGet() % 2 == 0) {
              throw new OutOfMemoryError("made by a test");
            }
            throw new IllegalStateException("made by a test");
          });
      awaitUntil(() -> refused.get() >= 1);
      KeptPair before = KeptPair.in(kept);

      awaitUntil(() -> refused.get() >= 4);
      assertThat(KeptPair.in(kept)).isEqualTo(before).matches(KeptPair::belongsTogether);
      assertKept(keeper);

      hasty.before(() -> {});
      awaitUntil(() -> !KeptPair.byOneLook(kept).equals(before));
    }
  }

  @Test
  void there_are_four_tries_before_the_end_and_more_if_they_are_ten_seconds_apart() {
    Instant end = Instant.parse("2026-01-01T00:00:00Z");

    assertThat(FolderKeeper.untilNextTry(due(end.minus(Duration.ofMinutes(30)), end)))
        .isEqualTo(Duration.ofSeconds(10));
    assertThat(FolderKeeper.untilNextTry(due(end.minusSeconds(60), end)))
        .isEqualTo(Duration.ofSeconds(10));
    assertThat(FolderKeeper.untilNextTry(due(end.minusMillis(250), end)))
        .isEqualTo(Duration.ofNanos(62_500_000));
  }

  private static InstanceCredential due(Instant renewAt, Instant notAfter) {
    return new InstanceCredential("", "", renewAt.minusSeconds(60), notAfter, renewAt);
  }

  @Test
  void a_folder_that_can_not_be_written_has_its_pair_and_nothing_half_done() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    try (CredentialKeeper keeper = hasty.keep(IDENTITY, kept)) {
      Obstacle obstacle = Obstacle.in(kept);
      hasty.before(tries::incrementAndGet);
      awaitUntil(() -> tries.get() >= 2);
      KeptPair before = KeptPair.in(kept);

      awaitUntil(() -> tries.get() >= 6);
      assertThat(KeptPair.in(kept)).isEqualTo(before).matches(KeptPair::belongsTogether);
      // That in use, and that of the try that may be under way.
      assertThat(generations()).hasSizeLessThanOrEqualTo(2);

      obstacle.remove();
      awaitUntil(() -> !KeptPair.byOneLook(kept).equals(before));
      assertThat(keeper.current()).isNotNull();
    }
  }

  @Test
  void what_can_not_be_removed_stops_no_replacement() throws Exception {
    try (CredentialKeeper keeper = authority.keep(IDENTITY, kept)) {
      Path strange = Files.createFile(kept.resolve("..current/strange")).toRealPath();

      keeper.change(OTHER);

      assertKept(keeper);
      assertThat(KeptPair.in(kept).belongsTogether()).isTrue();
      assertThat(strange.getParent()).isDirectoryContaining(path -> path.equals(strange));
      assertThat(strange.resolveSibling("instance.key")).doesNotExist();
    }
  }

  @Test
  void close_lets_a_replacement_end_and_then_nothing_is_written() throws Exception {
    CredentialKeeper keeper = hasty.keep(IDENTITY, kept);
    CompletableFuture<Thread> underWay = new CompletableFuture<>();
    CountDownLatch goOn = new CountDownLatch(1);
    hasty.before(
        () -> {
          if (underWay.complete(Thread.currentThread())) {
            awaitOpen(goOn);
          }
        });
    Thread renewing = underWay.get();
    Thread closing = new Thread(keeper::close);
    closing.start();
    awaitUntil(
        () -> {
          assertThat(closing.isAlive()).as("close waits").isTrue();
          return closing.getState() == Thread.State.BLOCKED;
        });

    goOn.countDown();
    closing.join();

    KeptPair last = KeptPair.in(kept);
    assertThat(last.subject()).isEqualTo("CN=");
    renewing.join();
    assertThat(KeptPair.in(kept)).isEqualTo(last).matches(KeptPair::belongsTogether);
    assertKept(keeper);
  }

  private static void awaitOpen(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void close_that_can_not_write_leaves_the_pair_and_can_be_repeated() throws Exception {
    CredentialKeeper keeper = authority.keep(IDENTITY, kept);
    KeptPair before = KeptPair.in(kept);
    Obstacle obstacle = Obstacle.in(kept);

    assertThatThrownBy(keeper::close)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(kept.toString());
    assertThat(KeptPair.in(kept)).isEqualTo(before);
    assertThatThrownBy(() -> keeper.change(OTHER)).isInstanceOf(IllegalStateException.class);

    obstacle.remove();
    keeper.close();
    assertThat(KeptPair.in(kept).subject()).isEqualTo("CN=");
  }

  @Test
  void nothing_is_kept_for_nobody() {
    assertThatThrownBy(() -> authority.keep(InstanceIdentity.nobody(), kept))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("guid: is empty");
    assertThat(kept).doesNotExist();
    try (CredentialKeeper keeper = authority.keep(IDENTITY, kept)) {
      InstanceCredential before = keeper.current();
      assertThatThrownBy(() -> keeper.change(InstanceIdentity.nobody()))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(keeper.current()).isSameAs(before);
    }
  }

  @Test
  void a_folder_that_is_there_keeps_its_mode() throws IOException {
    Files.createDirectories(kept);
    Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("rwxr-x---"));

    authority.keep(IDENTITY, kept).close();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
        .isEqualTo("rwxr-x---");
  }

  /** Waits for what is to come; that it comes never, the whole run's limit tells. */
  private static void awaitUntil(Callable<Boolean> condition) throws Exception {
    while (!condition.call()) {
      LockSupport.parkNanos(1_000_000);
    }
  }
}
