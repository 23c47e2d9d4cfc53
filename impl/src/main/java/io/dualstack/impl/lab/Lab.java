package io.dualstack.impl.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dualstack.Diagnostic;
import io.dualstack.Dualstack;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.KernelException;
import io.dualstack.director.Deployment;
import io.dualstack.director.DeploymentFiles;
import io.dualstack.firewall.BackendKind;
import io.dualstack.impl.config.JsonConfig;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Tool;
import io.dualstack.impl.report.StorePage;
import io.dualstack.policy.PolicyStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lab from its files to its end. What it consists of is the directory and the namespaces of its
 * place, and one process with all roles; {@link #down} finds them by their names alone, whatever
 * happened before.
 */
public final class Lab {
  private static final Logger LOG = LoggerFactory.getLogger(Lab.class);
  static final String PROVIDER = "local";
  private static final int PATIENCE_SECONDS = 60;
  private static final int GLANCE_MILLIS = 50;

  /** What the process says last when all of it runs. */
  static final String READY = "ready";

  private final LabPlace place;

  public Lab(LabPlace place) {
    this.place = place;
  }

  public LabPlace place() {
    return place;
  }

  /**
   * Whether something is there of it, running or not.
   *
   * @return whether {@link #down} has something to do
   */
  public boolean exists() {
    return Files.exists(place.directory()) || !namespaces().isEmpty();
  }

  // Up

  /**
   * Takes files for its own, after checking them.
   *
   * @return what is accepted in the file of applications but probably not meant
   * @throws InvalidConfigurationException naming what is wrong in them
   */
  public List<Diagnostic> prepare(Path cloudConfig, Path manifest, Path apps) {
    LabPlan checked;
    try (Dualstack dualstack = Dualstack.builder().store("memory:").build()) {
      checked = plan(dualstack, cloudConfig, manifest, apps);
      LOG.debug("a lab of {} namespaces", new LabNetwork(place, checked).hosts().size());
    }
    try {
      Files.createDirectories(place.directory());
      Files.copy(cloudConfig, place.cloudConfig());
      Files.copy(manifest, place.manifest());
      Files.copy(apps, place.apps());
      for (String groups : LabApps.groupFiles(JsonConfig.read(apps, LabApps.KEYS))) {
        Files.copy(apps.resolveSibling(groups), place.apps().resolveSibling(groups));
      }
      return checked.apps().warnings();
    } catch (IOException e) {
      throw new UncheckedIOException(place.directory().toString(), e);
    }
  }

  /** Allocates for all machines, and makes the network of namespaces. */
  public void makeNetwork(Consumer<String> steps) {
    try (Dualstack dualstack = Dualstack.builder().store(place.store()).build()) {
      Deployment deployment = deployment(dualstack, place.cloudConfig(), place.manifest());
      LabPlan plan =
          LabPlan.of(dualstack.director().apply(deployment, PROVIDER), LabApps.read(place.apps()));
      steps.accept(
          "%d machines with addresses out of %s"
              .formatted(plan.machines().size(), dualstack.storeLocation()));
      LabNetwork network = new LabNetwork(place, plan);
      network.make();
      steps.accept("%d namespaces, linked and routed".formatted(network.hosts().size()));
    }
  }

  private static LabPlan plan(Dualstack dualstack, Path cloudConfig, Path manifest, Path apps) {
    LabApps read = LabApps.read(apps);
    return LabPlan.of(
        dualstack.director().plan(deployment(dualstack, cloudConfig, manifest)), read);
  }

  private static Deployment deployment(Dualstack dualstack, Path cloudConfig, Path manifest) {
    return dualstack.director().read(DeploymentFiles.read(cloudConfig, manifest));
  }

  /**
   * Starts the process with all roles in the namespace of the control plane, and waits until all of
   * it runs.
   *
   * @param command how to start it, such that it calls {@link #serve}
   * @param steps is told of each step that is done
   * @throws KernelException if it ends instead, with what it said
   */
  public void start(List<String> command, Consumer<String> steps) {
    Path control;
    try (Dualstack dualstack = Dualstack.builder().store(place.store()).build()) {
      control =
          place.namespace(
              plan(dualstack, place.cloudConfig(), place.manifest(), place.apps())
                  .control()
                  .host());
    }
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(place.steps().toFile())
            .redirectError(place.errors().toFile());
    try (Namespace namespace = Namespace.open(control)) {
      Process process = namespace.call(builder::start);
      await(process, steps);
    }
  }

  private void await(Process process, Consumer<String> steps) {
    int told = 0;
    while (true) {
      boolean ended = !process.isAlive();
      List<String> lines = lines(place.steps());
      for (; told < lines.size(); told++) {
        if (lines.get(told).equals(READY)) {
          return;
        }
        steps.accept(lines.get(told));
      }
      if (ended) {
        throw new KernelException("start the lab", reasons(lines(place.errors())), null);
      }
      pause();
    }
  }

  /** Among the log's lines, those that tell why it ended. */
  private static String reasons(List<String> said) {
    List<String> reasons = said.stream().filter(line -> line.startsWith("error: ")).toList();
    return String.join("\n", reasons.isEmpty() ? said : reasons);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file, UTF_8) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(GLANCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /**
   * Has all roles in this process.
   *
   * @param steps is told of each step that is done
   * @return what ends them when it is closed
   */
  public AutoCloseable serve(BackendKind backend, Consumer<String> steps) throws Exception {
    ProcessHandle own = ProcessHandle.current();
    Files.writeString(place.process(), own.pid() + " " + startOf(own) + "\n");
    Dualstack dualstack = Dualstack.builder().store(place.store()).build();
    try {
      LabPlan plan = plan(dualstack, place.cloudConfig(), place.manifest(), place.apps());
      Foundation foundation = Foundation.start(place, plan, dualstack, backend, steps);
      steps.accept(READY);
      return () -> {
        try (dualstack) {
          foundation.close();
        }
      };
    } catch (Exception | Error e) {
      dualstack.close();
      throw e;
    }
  }

  private static long startOf(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  // What is there

  /** The process with all roles, if it runs. */
  public Optional<ProcessHandle> process() {
    List<String> lines = lines(place.process());
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    String[] told = lines.get(0).split(" ", -1);
    return ProcessHandle.of(Long.parseLong(told[0]))
        .filter(process -> startOf(process) == Long.parseLong(told[1]));
  }

  /**
   * Reads what runs.
   *
   * @throws InvalidConfigurationException if none is up
   */
  public LabView view() {
    if (process().isEmpty() || !Files.exists(place.instances())) {
      throw new InvalidConfigurationException(
          List.of(
              Diagnostic.error(
                  "",
                  "LabNotUp",
                  "lab \"%s\" is not up; start it by: dualstack lab up".formatted(place.name()))));
    }
    try (Dualstack dualstack = Dualstack.builder().store(place.store()).build()) {
      return new LabView(
          place,
          plan(dualstack, place.cloudConfig(), place.manifest(), place.apps()),
          dualstack.workloadFormats().parseInstanceRecords(Files.readString(place.instances())));
    } catch (IOException e) {
      throw new UncheckedIOException(place.instances().toString(), e);
    }
  }

  /**
   * Reads what runs by its configuration alone.
   *
   * @throws InvalidConfigurationException if none is up
   */
  public LabModel model() {
    LabView up = view();
    try (Dualstack dualstack = Dualstack.builder().store(place.store()).build();
        PolicyStore policies = dualstack.policies(place.policies())) {
      return LabModel.of(up, dualstack, policies);
    }
  }

  /**
   * Writes the maps of all addresses that the foundation has, as a page of HTML.
   *
   * @param file the file to write, whatever was in it
   */
  public void writeMap(Path file) {
    try (Dualstack dualstack = Dualstack.builder().store(place.store()).build()) {
      Files.writeString(
          file, StorePage.of(dualstack, Clock.systemUTC(), Duration.ofDays(1)).html());
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  // Down

  /**
   * Ends the process, removes the namespaces with all that runs there, and the directory. May be
   * done again.
   *
   * @param steps is told of each step that is done
   */
  public void down(Consumer<String> steps) {
    process().ifPresent(process -> end(process, steps));
    List<String> namespaces = namespaces();
    for (String namespace : namespaces) {
      remove(namespace);
    }
    steps.accept("%d namespaces removed".formatted(namespaces.size()));
    removeDirectory();
  }

  private static void end(ProcessHandle process, Consumer<String> steps) {
    process.destroy();
    try {
      ProcessHandle ended = process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      steps.accept("containers detached, leases given up, process %d ended".formatted(ended.pid()));
    } catch (TimeoutException e) {
      process.destroyForcibly();
      steps.accept("process %d was killed, as it did not end".formatted(process.pid()));
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("waiting for process " + process.pid(), e);
    }
  }

  private List<String> namespaces() {
    if (!Files.isDirectory(LabPlace.namespaces())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(LabPlace.namespaces())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(place.prefix()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(LabPlace.namespaces().toString(), e);
    }
  }

  private static void remove(String namespace) {
    Tool.run(Namespace.own(), List.of("ip", "netns", "pids", namespace), "")
        .lines()
        .map(line -> Long.parseLong(line.strip()))
        .filter(pid -> pid != ProcessHandle.current().pid())
        .flatMap(pid -> ProcessHandle.of(pid).stream())
        .forEach(ProcessHandle::destroyForcibly);
    String said = Tool.run(Namespace.own(), List.of("ip", "netns", "delete", namespace), "");
    assert said.isEmpty();
  }

  private void removeDirectory() {
    if (!Files.exists(place.directory())) {
      return;
    }
    try (Stream<Path> files = Files.walk(place.directory())) {
      List<Path> deepestFirst = new ArrayList<>(files.toList());
      deepestFirst.sort(Comparator.reverseOrder());
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(place.directory().toString(), e);
    }
  }
}
