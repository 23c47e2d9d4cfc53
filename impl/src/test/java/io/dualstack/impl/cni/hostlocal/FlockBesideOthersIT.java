package io.dualstack.impl.cni.hostlocal;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.cni.AddressRange;
import io.dualstack.cni.Attachment;
import io.dualstack.cni.CniResult;
import io.dualstack.cni.IpamConfig;
import io.dualstack.cni.IpamDurability;
import io.dualstack.cni.RangeSet;
import io.dualstack.impl.cni.datastore.SilkStore;
import io.dualstack.impl.kernel.Flock;
import io.dualstack.impl.kernel.LockedFile;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ours and other programs' locks exclude each other. That somebody waits is read from {@code
 * /proc/locks}, so that no test has to guess how long it takes.
 */
class FlockBesideOthersIT {
  private static final long OURSELVES = ProcessHandle.current().pid();

  @TempDir Path temp;

  private IpamConfig config() {
    return IpamConfig.of("net", temp, RangeSet.of(AddressRange.of(IpPrefix.parse("10.1.0.0/24"))));
  }

  private Path directory() throws IOException {
    return Files.createDirectories(temp.resolve("net"));
  }

  @Test
  void the_original_waits_while_we_hold_the_lock_of_its_directory() throws Exception {
    Path lock = directory().resolve("lock");
    Process original;
    try (Flock held = Flock.lock(lock)) {
      ProcessBuilder builder =
          new ProcessBuilder(GoHostLocal.BINARY).redirectError(Redirect.INHERIT);
      builder.environment().putAll(GoHostLocal.environment("ADD", "c1", ""));
      original = builder.start();
      try (var stdin = original.getOutputStream()) {
        stdin.write(
            """
            {"cniVersion":"1.0.0","name":"net","ipam":{"type":"host-local","dataDir":"%s",
            "ranges":[[{"subnet":"10.1.0.0/24"}]]}}
            """
                .formatted(temp)
                .getBytes(StandardCharsets.UTF_8));
      }
      awaitWaiting(lock, original);
      assertThat(temp.resolve("net/10.1.0.2")).doesNotExist();
    }
    String answer = new String(original.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(original.waitFor()).as(answer).isZero();
    assertThat(temp.resolve("net/10.1.0.2")).hasContent("c1\r\neth0");
  }

  @Test
  void an_add_of_ours_waits_while_another_program_holds_the_lock() throws Exception {
    Path lock = directory().resolve("lock");
    HostLocalIpam ipam = new HostLocalIpam(IpamDurability.DURABLE);
    Process holder = hold(lock);

    FutureTask<CniResult> add = start(() -> ipam.add(config(), new Attachment("c1", "eth0")));
    awaitWaiting(lock, add);
    assertThat(temp.resolve("net/10.1.0.2")).doesNotExist();
    release(holder);

    assertThat(add.get().ips()).hasSize(1);
    assertThat(temp.resolve("net/10.1.0.2")).hasContent("c1\r\neth0");
  }

  @Test
  void other_programs_wait_while_we_hold_the_lock_of_the_file_of_containers() throws Exception {
    Path file = temp.resolve("store.json");
    Process other;
    try (LockedFile held = LockedFile.open(file)) {
      other =
          new ProcessBuilder("flock", "-x", file.toString(), "true")
              .redirectError(Redirect.INHERIT)
              .start();
      awaitWaiting(file, other);
    }
    assertThat(other.waitFor()).isZero();
  }

  @Test
  void a_change_of_ours_waits_while_another_program_holds_the_file_of_containers()
      throws Exception {
    Path file = Files.createFile(temp.resolve("store.json"));
    SilkStore store = new SilkStore(file);
    Process holder = hold(file);

    FutureTask<Boolean> add =
        start(
            () -> {
              store.add("h1", IpAddress.parse("10.1.0.2"), null, hasOthers -> {});
              return true;
            });
    awaitWaiting(file, add);
    assertThat(file).isEmptyFile();
    release(holder);

    assertThat(add.get()).isTrue();
    assertThat(store.read()).hasSize(1);
  }

  private static <T> FutureTask<T> start(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, "waits for a lock");
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  /** Holds it by flock(1) until its input ends. */
  private static Process hold(Path file) throws IOException {
    Process holder =
        new ProcessBuilder("flock", "-x", file.toString(), "sh", "-c", "echo held; exec cat")
            .redirectError(Redirect.INHERIT)
            .start();
    BufferedReader said =
        new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8));
    assertThat(said.readLine()).isEqualTo("held");
    return holder;
  }

  private static void release(Process holder) throws Exception {
    holder.getOutputStream().close();
    assertThat(holder.waitFor()).isZero();
  }

  private static void awaitWaiting(Path file, Process process) throws Exception {
    while (!isWaiting(file, process.pid())) {
      assertThat(process.isAlive()).as("waits for " + file).isTrue();
      Thread.sleep(1);
    }
    assertThat(process.isAlive()).isTrue();
  }

  private static void awaitWaiting(Path file, FutureTask<?> task) throws Exception {
    while (!isWaiting(file, OURSELVES)) {
      assertThat(task.isDone()).as("waits for " + file).isFalse();
      Thread.sleep(1);
    }
    assertThat(task.isDone()).isFalse();
  }

  /** Lines such as {@code 1: -> FLOCK ADVISORY WRITE 4711 fe:01:815 0 EOF}. */
  private static boolean isWaiting(Path file, long process) throws IOException {
    String inode = Files.getAttribute(file, "unix:ino").toString();
    List<String> locks = Files.readAllLines(Path.of("/proc/locks"));
    return locks.stream()
        .map(line -> line.trim().split("\\s+"))
        .anyMatch(
            words ->
                words.length > 6
                    && words[1].equals("->")
                    && words[2].equals("FLOCK")
                    && words[5].equals(Long.toString(process))
                    && words[6].endsWith(":" + inode));
  }
}
