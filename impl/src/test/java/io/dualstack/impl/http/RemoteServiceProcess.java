package io.dualstack.impl.http;

import io.dualstack.StoreUnavailableException;
import io.dualstack.impl.jvm.OwnJvm;
import io.dualstack.testkit.lab.LabHost;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A client in a virtual machine of its own, on a machine of a lab, with names of a test's own. */
final class RemoteServiceProcess implements AutoCloseable {

  private final Process process;
  private final BufferedWriter questions;
  private final BufferedReader answers;

  private RemoteServiceProcess(Process process) {
    this.process = process;
    this.questions = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * Starts it.
   *
   * @param timeout how long a call may take
   * @param trusted the authorities of the servers
   */
  static RemoteServiceProcess start(LabHost machine, Path names, Duration timeout, Path trusted) {
    List<String> command =
        OwnJvm.command(
            List.of("-Djdk.net.hosts.file=" + names),
            RemoteServiceProcess.class,
            List.of(timeout.toString(), trusted.toString()));
    return new RemoteServiceProcess(
        machine.call(
            () ->
                new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start()));
  }

  /** Has it call a URL, and returns status and body, or why there are none. */
  String call(String method, String url) throws IOException {
    questions.write(method + " " + url + "\n");
    questions.flush();
    return answers.readLine();
  }

  /** Tells it that there is nothing more to do, and returns with which code it ended by itself. */
  int end() throws IOException, InterruptedException {
    questions.close();
    return process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** Calls what it is told to, until it is told nothing more. */
  public static void main(String[] arguments) throws Exception {
    Duration timeout = Duration.parse(arguments[0]);
    ClientTls trust = MutualTls.trustOnly(Path.of(arguments[1]), "/ca");
    BufferedReader questions =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = questions.readLine(); line != null; line = questions.readLine()) {
      String[] methodAndUrl = line.split(" ");
      RemoteService remote = RemoteService.of(URI.create(methodAndUrl[1]), timeout, trust);
      try {
        RemoteAnswer answer =
            methodAndUrl[0].equals("GET")
                ? remote.get("/")
                : remote.put("/", Map.of(), new byte[] {1});
        System.out.println(
            answer.status() + " " + new String(answer.body(), StandardCharsets.UTF_8));
      } catch (StoreUnavailableException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
