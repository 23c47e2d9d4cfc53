package io.dualstack.impl.cni.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;
import io.dualstack.cni.CniResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Calls other plugins found in {@code CNI_PATH}: with the same environment, the whole configuration
 * on standard input, and their standard error passed on. A child starts in the network namespace of
 * the calling thread.
 */
public final class Delegates {
  private Delegates() {}

  /**
   * Has another plugin attach. The caller has it detach again if this throws.
   *
   * @param type the plugin's name
   * @throws CniException the plugin's own error, or what kept it from running
   */
  public static CniResult add(String type, CniCall call) {
    byte[] answer = run(type, "ADD", call);
    ObjectNode object = CniJson.parse("result of " + type, answer);
    return object.hasNonNull("cniVersion")
        ? ResultReader.read(object)
        : ResultReader.read(object, call.version());
  }

  /**
   * Has another plugin detach, check, collect garbage or tell its status.
   *
   * @param type the plugin's name
   * @param command the command, which answers nothing
   * @throws CniException the plugin's own error, or what kept it from running
   */
  public static void call(String type, String command, CniCall call) {
    byte[] unused = run(type, command, call);
  }

  /**
   * Finds a plugin.
   *
   * @param type its name, which is that of the file
   * @param path directories, separated by colons
   * @throws CniException if there is none
   */
  public static Path find(String type, String path) {
    if (type.isEmpty() || type.contains("/") || type.equals(".") || type.equals("..")) {
      throw new CniException(CniErrorCode.INVALID_CONFIGURATION, "invalid plugin name: " + type);
    }
    List<String> directories =
        Arrays.stream(path.split(":")).filter(directory -> !directory.isEmpty()).toList();
    return directories.stream()
        .map(directory -> Path.of(directory, type))
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(
            () ->
                new CniException(
                    CniErrorCode.INTERNAL,
                    "failed to find plugin \"%s\" in path [%s]"
                        .formatted(type, String.join(" ", directories))));
  }

  private static byte[] run(String type, String command, CniCall call) {
    Path executable = find(type, call.path());
    ProcessBuilder builder =
        new ProcessBuilder(executable.toString()).redirectError(Redirect.INHERIT);
    builder.environment().clear();
    builder.environment().putAll(call.environment());
    builder.environment().put("CNI_COMMAND", command);
    byte[] config = call.config().tree().toString().getBytes(StandardCharsets.UTF_8);
    Process process = start(builder, executable);
    try {
      byte[] answer = converse(process, config);
      int exitCode = process.waitFor();
      if (exitCode != 0) {
        throw failure(executable, exitCode, answer);
      }
      return answer;
    } catch (IOException e) {
      throw notRun(executable, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CniException(
          CniErrorCode.TRY_AGAIN_LATER, executable + ": interrupted while it ran", "", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process start(ProcessBuilder builder, Path executable) {
    try {
      return builder.start();
    } catch (IOException e) {
      throw notRun(executable, e);
    }
  }

  private static byte[] converse(Process process, byte[] config) throws IOException {
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(config);
    } catch (IOException e) {
      // A plugin may fail before it reads: what it says then is of more use than a broken pipe.
      ByteArrayOutputStream said = new ByteArrayOutputStream();
      try (InputStream stdout = process.getInputStream()) {
        stdout.transferTo(said);
      }
      if (said.size() == 0) {
        throw e;
      }
      return said.toByteArray();
    }
    try (InputStream stdout = process.getInputStream()) {
      return stdout.readAllBytes();
    }
  }

  private static CniException failure(Path executable, int exitCode, byte[] answer) {
    try {
      return CniErrors.read(CniJson.parse("error of " + executable, answer));
    } catch (CniException notAnError) {
      String said = new String(answer, StandardCharsets.UTF_8).strip();
      return new CniException(
          CniErrorCode.INTERNAL,
          "netplugin failed with no error message: exit code " + exitCode,
          executable + (said.isEmpty() ? "" : " said: " + said),
          null);
    }
  }

  private static CniException notRun(Path executable, IOException cause) {
    return new CniException(
        CniErrorCode.IO_FAILURE, executable + ": can't be run: " + cause.getMessage(), "", cause);
  }
}
