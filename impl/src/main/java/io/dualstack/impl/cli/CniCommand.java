package io.dualstack.impl.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dualstack cni}. */
@Command(
    name = "cni",
    description = {
      "Serves one CNI call as the plugin silk-cni does.",
      "The call is in the environment (CNI_COMMAND and others), the configuration on standard"
          + " input; result or error is JSON on standard output."
    },
    mixinStandardHelpOptions = true,
    subcommands = CniCommand.Install.class,
    footer =
        "CNI_COMMAND=ADD CNI_CONTAINERID=c1 CNI_NETNS=/run/netns/c1 CNI_IFNAME=eth0 CNI_PATH=/opt/cni/bin dualstack cni < network.json")
final class CniCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    return PluginAnswer.print(spec.commandLine(), PluginMain.serve("silk-cni"));
  }

  /** {@code dualstack cni install}. */
  @Command(
      name = "install",
      description = {
        "Puts the plugins silk-cni and host-local into a directory, as runtimes look for them.",
        "They call the cell's daemon by its socket, or work by themselves when it is not there."
      },
      mixinStandardHelpOptions = true,
      footer = "dualstack cni install /opt/cni/bin --plugin cni-wrapper-plugin")
  static final class Install implements Callable<Integer> {
    private static final List<String> PLUGINS = List.of("silk-cni", "host-local");
    private static final List<String> NAMES =
        List.of("silk-cni", "host-local", "cni-wrapper-plugin", GardenCall.NAME);

    @Spec private CommandSpec spec;

    @Parameters(
        index = "0",
        paramLabel = "DIR",
        description = "Where runtimes look, such as /opt/cni/bin.")
    private Path directory;

    @Option(
        names = "--socket",
        paramLabel = "FILE",
        description = "The daemon's socket (default: ${DEFAULT-VALUE}).",
        defaultValue = "/run/dualstack/cni.sock")
    private Path socket;

    @Option(
        names = "--plugin",
        paramLabel = "NAME",
        description =
            "A plugin: silk-cni, host-local, cni-wrapper-plugin, or garden-external-networker, which"
                + " Guardian calls; may be repeated (default: the first two).")
    private List<String> plugins = PLUGINS;

    @Override
    public Integer call() throws IOException, InterruptedException {
      for (String name : plugins) {
        if (!NAMES.contains(name)) {
          throw new ParameterException(
              spec.commandLine(), "--plugin: " + name + ": is none; use one of " + NAMES);
        }
      }
      Files.createDirectories(directory);
      Path java = Path.of(System.getProperty("java.home"), "bin", "java");
      Path jar = jar();
      Path archive = directory.toAbsolutePath().resolve("dualstack.jsa");
      makeArchive(java, jar, archive);
      Map<String, String> values =
          Map.of(
              "@SPAWNING@", spawning(Runtime.version().feature()),
              "@SOCKET@", socket.toAbsolutePath().toString(),
              "@JAVA@", java.toString(),
              "@ARCHIVE@", archive.toString(),
              "@JAR@", jar.toString());
      String script = script();
      for (Map.Entry<String, String> each : values.entrySet()) {
        if (each.getValue().contains("'")) {
          throw new IOException(each.getValue() + ": has a quote in it; use another path");
        }
        script = script.replace(each.getKey(), each.getValue());
      }
      for (String name : plugins) {
        write(directory.resolve(name), script);
        spec.commandLine().getOut().println(directory.resolve(name));
      }
      spec.commandLine().getOut().flush();
      return 0;
    }

    /**
     * How the plugin's virtual machine starts processes: with vfork each takes half the time. A
     * child then runs in its parent's memory for a moment, which a call that does little else can
     * be trusted with. From 25 on, Java warns of it, and then no more knows it.
     */
    static String spawning(int javaVersion) {
      return javaVersion < 25 ? "-Djdk.lang.Process.launchMechanism=VFORK" : "";
    }

    private static Path jar() throws IOException {
      try {
        return Path.of(
            PluginMain.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      } catch (URISyntaxException e) {
        throw new IOException(e);
      }
    }

    /** Runs a call that fails late, so that the classes of a real one are in the archive. */
    private static void makeArchive(Path java, Path jar, Path archive)
        throws IOException, InterruptedException {
      ProcessBuilder builder =
          new ProcessBuilder(
              java.toString(),
              "-XX:ArchiveClassesAtExit=" + archive,
              "-XX:TieredStopAtLevel=1",
              "-XX:+UseSerialGC",
              "-cp",
              jar.toString(),
              ArchiveRun.class.getName());
      builder.redirectErrorStream(true);
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException(archive + ": can't be made: " + output.strip());
      }
    }

    private static String script() throws IOException {
      try (InputStream in =
          Objects.requireNonNull(CniCommand.class.getResourceAsStream("plugin.sh"))) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    }

    /** Whole or not at all: a runtime may call it in this moment. */
    private static void write(Path file, String script) throws IOException {
      Path draft = file.resolveSibling("." + file.getFileName() + ".new");
      Files.writeString(draft, script);
      Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
