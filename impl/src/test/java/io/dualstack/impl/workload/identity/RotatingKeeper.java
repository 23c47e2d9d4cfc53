package io.dualstack.impl.workload.identity;

import io.dualstack.impl.jvm.OwnJvm;
import io.dualstack.net.IpAddress;
import io.dualstack.workload.CredentialKeeper;
import io.dualstack.workload.IdentityConfig;
import io.dualstack.workload.InstanceIdentity;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * A keeper in a virtual machine of its own, which replaces the credential without end. It says a
 * line before each is issued.
 */
final class RotatingKeeper implements AutoCloseable {
  static final InstanceIdentity IDENTITY =
      new InstanceIdentity(
          "guid", List.of("app:a"), List.of("guid"), List.of(IpAddress.parse("2001:db8::7")));

  private final Process process;
  private final BufferedReader lines;
  private final Path errors;

  private RotatingKeeper(Process process, Path errors) {
    this.process = process;
    this.lines = process.inputReader(StandardCharsets.UTF_8);
    this.errors = errors;
  }

  /**
   * Starts one.
   *
   * @param wrapper a command that is given what to run, or nothing
   * @param folder where the authority's files are
   * @param kept what is kept
   */
  static RotatingKeeper start(List<String> wrapper, Path folder, Path kept) throws IOException {
    List<String> command = new ArrayList<>(wrapper);
    command.addAll(
        OwnJvm.command(
            List.of("-XX:-UsePerfData"),
            RotatingKeeper.class,
            List.of(folder.toString(), kept.toString())));
    Path errors = Files.createTempFile(folder, "errors", ".txt");
    return new RotatingKeeper(
        new ProcessBuilder(command).redirectError(errors.toFile()).start(), errors);
  }

  /** Waits until it has begun from now on with so many credentials; it has ended all but one. */
  void await(int credentials) throws IOException {
    while (lines.ready()) {
      read();
    }
    for (int i = 0; i < credentials; i++) {
      read();
    }
  }

  private void read() throws IOException {
    if (lines.readLine() == null) {
      throw new IllegalStateException("it ended: " + errors());
    }
  }

  /** Waits until it has ended; returns how many credentials it has begun with, at most so many. */
  int awaitEnd(int most) throws IOException {
    int begun = 0;
    while (begun < most && lines.readLine() != null) {
      begun++;
    }
    return begun;
  }

  String errors() throws IOException {
    return Files.readString(errors);
  }

  /** Kills it as {@code kill -9} does, wherever it is, and waits until it is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** Takes the folder with the authority's files, and that to keep. */
  public static void main(String[] arguments) throws IOException {
    AuthorityFiles files = AuthorityFiles.at(Path.of(arguments[0]), "EC", true);
    HastyAuthority authority =
        new HastyAuthority(
            SigningAuthority.open(
                IdentityConfig.of(files.certificate(), files.key()), Clock.systemUTC()));
    authority.before(() -> System.out.println("next"));
    CredentialKeeper keeper = authority.keep(IDENTITY, Path.of(arguments[1]));
    // Until the test ends, however it does.
    int end = System.in.read();
    System.exit(end == -1 && keeper.current() != null ? 0 : 1);
  }
}
