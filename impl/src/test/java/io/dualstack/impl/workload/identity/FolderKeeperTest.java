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
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderKeeperTest {
  private static final InstanceIdentity IDENTITY =
      new InstanceIdentity(
          "guid", List.of("app:a"), List.of("guid"), List.of(IpAddress.parse("10.255.3.7")));

  @TempDir private Path folder;
  private Path kept;
  private SigningAuthority authority;

  @BeforeEach
  void makeAnAuthority() throws Exception {
    AuthorityFiles files = AuthorityFiles.in(folder, "EC", true);
    kept = folder.resolve("creds/guid");
    authority = authority(files, Duration.ofHours(24));
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

      keeper.change(
          new InstanceIdentity(
              "guid",
              List.of("app:a"),
              List.of("guid"),
              List.of(IpAddress.parse("10.255.3.7"), IpAddress.parse("2001:db8::7"))));

      assertThat(keeper.current()).isNotEqualTo(first);
      assertKept(keeper);
      try (Stream<Path> files = Files.list(kept)) {
        assertThat(files.filter(file -> file.getFileName().toString().contains("generation")))
            .hasSize(1);
      }
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
  void it_is_replaced_before_it_ends_and_readers_never_see_half_a_pair() throws Exception {
    AuthorityFiles files = AuthorityFiles.in(folder, "EC", true);
    try (CredentialKeeper keeper = authority(files, Duration.ofSeconds(2)).keep(IDENTITY, kept)) {
      InstanceCredential first = keeper.current();
      while (keeper.current().equals(first)) {
        // Both files by one look at the link, as a reader that wants a pair does.
        Path generation = kept.resolve("..current").toRealPath();
        try {
          assertThat(Files.readString(generation.resolve("instance.crt"))).contains("CERTIFICATE");
          assertThat(Files.readString(generation.resolve("instance.key"))).contains("PRIVATE KEY");
        } catch (NoSuchFileException replaced) {
          continue;
        }
        LockSupport.parkNanos(1_000_000);
      }
      assertThat(keeper.current().notBefore()).isBefore(first.notAfter());
      assertKept(keeper);
    }
  }
}
