package io.dualstack.impl.cni.hostlocal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.impl.cni.protocol.CniJson;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The original plugin, as Debian ships it. */
final class GoHostLocal {
  /** What a plugin answered. */
  record Answer(int exitCode, String stdout) {
    /** The result without what only one of the two prints: an empty object of name servers. */
    ObjectNode json() {
      if (stdout.isBlank()) {
        return CniJson.object();
      }
      ObjectNode object = CniJson.parse("answer", stdout.getBytes(StandardCharsets.UTF_8));
      JsonNode dns = object.get("dns");
      if (dns != null && dns.isEmpty()) {
        object.remove("dns");
      }
      return object;
    }
  }

  static final String BINARY = "/usr/lib/cni/host-local";

  private GoHostLocal() {}

  static Map<String, String> environment(String command, String id, String args) {
    return Map.of(
        "CNI_COMMAND",
        command,
        "CNI_CONTAINERID",
        id,
        "CNI_NETNS",
        "/nowhere",
        "CNI_IFNAME",
        "eth0",
        "CNI_ARGS",
        args,
        "CNI_PATH",
        "/usr/lib/cni");
  }

  static Answer run(Map<String, String> environment, String config) {
    return run(List.of(BINARY), environment, config);
  }

  static Answer run(List<String> command, Map<String, String> environment, String config) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.DISCARD);
      builder.environment().putAll(environment);
      Process process = builder.start();
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(config.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // VERSION and wrong environments are answered without reading.
      }
      String stdout = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Answer(process.waitFor(), stdout);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
