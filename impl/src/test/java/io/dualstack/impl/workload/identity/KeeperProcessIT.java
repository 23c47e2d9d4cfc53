package io.dualstack.impl.workload.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a keeper owes to its process: the umask, and where warnings are read. */
class KeeperProcessIT {
  @TempDir private Path folder;

  private Path kept;

  @BeforeEach
  void makeAnAuthority() throws Exception {
    assertThat(AuthorityFiles.in(folder, "EC", true).key()).exists();
    kept = folder.resolve("kept");
  }

  @ParameterizedTest
  @ValueSource(strings = {"000", "022", "077"})
  void files_have_their_modes_whatever_the_umask_is(String umask) throws Exception {
    List<String> shell = List.of("sh", "-c", "umask " + umask + "; exec \"$@\"", "sh");
    try (RotatingKeeper keeper = RotatingKeeper.start(shell, folder, kept)) {
      keeper.await(3);
      keeper.kill();
    }

    Path generation = kept.resolve("..current").toRealPath();
    assertThat(mode(kept)).isEqualTo("rwxr-xr-x");
    assertThat(mode(generation)).isEqualTo("rwxr-xr-x");
    assertThat(mode(generation.resolve("instance.key"))).isEqualTo("rw-------");
    assertThat(mode(generation.resolve("instance.crt"))).isEqualTo("rw-r--r--");
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void a_replacement_that_fails_is_told_in_the_log_and_tried_again() throws Exception {
    try (RotatingKeeper keeper = RotatingKeeper.start(List.of(), folder, kept)) {
      keeper.await(2);
      Obstacle obstacle = Obstacle.in(kept);
      keeper.await(2);
      assertThat(keeper.errors())
          .contains("WARN", "the credential could not be replaced; trying again")
          .contains("guid=guid", kept + ": the credential can't be written");
      KeptPair before = KeptPair.in(kept);
      assertThat(before.belongsTogether()).isTrue();

      obstacle.remove();
      keeper.await(2);
      assertThat(KeptPair.byOneLook(kept)).isNotEqualTo(before);
    }
  }
}
