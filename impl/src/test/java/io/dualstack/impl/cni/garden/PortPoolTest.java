package io.dualstack.impl.cni.garden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;
import io.dualstack.net.PortRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortPoolTest {
  @TempDir Path directory;

  private Path file() {
    return directory.resolve("made/state.json");
  }

  private PortPool pool(int ports) {
    return new PortPool(file(), new PortRange(61_000, 61_000 + ports - 1));
  }

  private static List<PortMapping> any(int count) {
    return java.util.Collections.nCopies(count, new PortMapping(0, 8080));
  }

  @Test
  void the_file_is_what_the_original_writes() throws IOException {
    assertThat(pool(10).acquire("h", any(2)))
        .containsExactly(new PortMapping(61_000, 8080), new PortMapping(61_001, 8080));
    assertThat(pool(10).acquire("a<b", any(1))).containsExactly(new PortMapping(61_002, 8080));

    assertThat(file())
        .hasContent("{\"acquired_ports\":{\"a\\u003cb\":[61002],\"h\":[61000,61001]}}\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");

    pool(10).release("h");
    assertThat(pool(10).acquire("z", any(1))).containsExactly(new PortMapping(61_000, 8080));
  }

  @Test
  void what_the_original_left_counts_whatever_follows_it_in_the_file() throws IOException {
    Files.createDirectories(file().getParent());
    Files.writeString(file(), "{\"acquired_ports\":{\"x\":[61001,61000]}}\n000,61002]}}\n");

    assertThat(pool(3).acquire("h", any(1))).containsExactly(new PortMapping(61_002, 8080));
    assertThat(file()).hasContent("{\"acquired_ports\":{\"h\":[61002],\"x\":[61000,61001]}}\n");
  }

  @Test
  void a_port_outside_the_range_is_nobodys_business() throws IOException {
    assertThat(pool(1).acquire("h", List.of(new PortMapping(80, 8080))))
        .containsExactly(new PortMapping(80, 8080));
    assertThat(file()).doesNotExist();
  }

  @Test
  void a_port_of_the_range_that_is_named_is_given_to_nobody_else() throws IOException {
    assertThat(pool(2).acquire("h", List.of(new PortMapping(61_000, 1)))).hasSize(1);

    assertThat(pool(2).acquire("i", any(1))).containsExactly(new PortMapping(61_001, 8080));
    assertThatExceptionOfType(CniException.class)
        .isThrownBy(() -> pool(2).acquire("i", List.of(new PortMapping(61_000, 1))))
        .withMessageContaining("61000: is container h's");
  }

  @Test
  void too_few_free_ports_take_none() throws IOException {
    pool(3).release("nobody");
    assertThat(file()).doesNotExist();
    assertThat(pool(3).acquire("h", any(2))).hasSize(2);

    assertThatExceptionOfType(CniException.class)
        .isThrownBy(() -> pool(3).acquire("i", any(2)))
        .withMessage("host_port: all ports from 61000 to 61002 are in use; raise total_ports")
        .satisfies(e -> assertThat(e.code()).isEqualTo(CniErrorCode.TRY_AGAIN_LATER));
    assertThat(pool(3).acquire("j", any(1))).containsExactly(new PortMapping(61_002, 8080));
  }

  @Test
  void a_damaged_file_is_named() throws IOException {
    Files.createDirectories(file().getParent());
    for (String text : List.of("[]", "{{{", "{\"acquired_ports\":{\"h\":[\"x\"]}}")) {
      Files.writeString(file(), text);
      assertThatIOException()
          .isThrownBy(() -> pool(3).acquire("h", any(1)))
          .withMessageContaining(file().toString())
          .withMessageContaining("repair or remove");
      assertThat(file()).hasContent(text);
    }
  }

  @Test
  void containers_that_come_at_once_get_different_ports()
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<List<PortMapping>>> all = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        String handle = "h" + i;
        all.add(threads.submit(() -> pool(80).acquire(handle, any(2))));
      }
      List<Integer> ports = new ArrayList<>();
      for (Future<List<PortMapping>> each : all) {
        each.get().forEach(mapping -> ports.add(mapping.hostPort()));
      }
      assertThat(ports).hasSize(80).doesNotHaveDuplicates();
    } finally {
      threads.shutdownNow();
    }
  }
}
