package io.dualstack.impl.cni.wrapper;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cni.CniResult;
import io.dualstack.cni.CniVersion;
import io.dualstack.impl.cni.protocol.CniCall;
import io.dualstack.impl.cni.protocol.CniConfig;
import io.dualstack.impl.cni.protocol.CniJson;
import io.dualstack.impl.cni.protocol.CniPlugin;
import io.dualstack.impl.cni.protocol.ResultReader;
import io.dualstack.impl.cni.protocol.ResultWriter;
import io.dualstack.impl.cni.runtime.NetworkList;
import io.dualstack.impl.cni.runtime.Place;
import io.dualstack.impl.cni.runtime.PluginCalls;
import io.dualstack.impl.kernel.Namespace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugin that attaches containers: one that this process has itself, or an executable in {@code
 * CNI_PATH}.
 */
final class Delegate {
  private static final Logger LOG = LoggerFactory.getLogger(Delegate.class);

  private final Map<String, CniPlugin> own;
  private final Namespace host;

  /**
   * Finds plugins.
   *
   * @param own those of this process, by the type that configurations name
   */
  Delegate(Map<String, CniPlugin> own, Namespace host) {
    this.own = Map.copyOf(own);
    this.host = host;
  }

  CniResult add(CniCall call, ObjectNode config) {
    CniPlugin plugin = own.get(type(config));
    if (plugin != null) {
      return plugin.add(with(call, config));
    }
    String answer = execute("ADD", call, config);
    ObjectNode result =
        CniJson.parse("result of " + type(config), answer.getBytes(StandardCharsets.UTF_8));
    return result.hasNonNull("cniVersion")
        ? ResultReader.read(result)
        : ResultReader.read(result, version(config));
  }

  void del(CniCall call, ObjectNode config) {
    CniPlugin plugin = own.get(type(config));
    if (plugin != null) {
      plugin.del(with(call, config));
    } else {
      String unused = execute("DEL", call, config);
    }
  }

  void check(CniCall call, ObjectNode config) {
    CniPlugin plugin = own.get(type(config));
    if (plugin != null) {
      plugin.check(with(call, config));
    } else {
      String unused = execute("CHECK", call, config);
    }
  }

  /** Does nothing where the protocol that the plugin is called by has no such command. */
  void gc(CniCall call, ObjectNode config) {
    CniPlugin plugin = own.get(type(config));
    if (plugin != null) {
      plugin.gc(with(call, config));
    } else if (version(config).isAtLeast(CniVersion.V1_1_0)) {
      String unused = execute("GC", call, config);
    }
  }

  /** Does nothing where the protocol that the plugin is called by has no such command. */
  void status(CniCall call, ObjectNode config) {
    CniPlugin plugin = own.get(type(config));
    if (plugin != null) {
      plugin.status(with(call, config));
    } else if (version(config).isAtLeast(CniVersion.V1_1_0)) {
      String unused = execute("STATUS", call, config);
    }
  }

  private static String type(ObjectNode config) {
    return config.path("type").asText();
  }

  private static CniVersion version(ObjectNode config) {
    return CniVersion.parse(config.path("cniVersion").asText());
  }

  /** What the protocol adds for some commands is the delegate's too. */
  private static ObjectNode complete(CniCall call, ObjectNode config) {
    ObjectNode complete = config.deepCopy();
    call.config()
        .prevResult()
        .ifPresent(
            result -> complete.set("prevResult", ResultWriter.write(result, version(config))));
    if (call.config().tree().hasNonNull(CniConfig.VALID_ATTACHMENTS)) {
      complete.set(
          CniConfig.VALID_ATTACHMENTS, call.config().tree().get(CniConfig.VALID_ATTACHMENTS));
    }
    return complete;
  }

  private static CniCall with(CniCall call, ObjectNode config) {
    return new CniCall(
        call.command(),
        call.containerId(),
        call.netns(),
        call.ifName(),
        call.args(),
        call.path(),
        new CniConfig(complete(call, config)),
        call.environment());
  }

  private String execute(String command, CniCall call, ObjectNode config) {
    List<Path> directories =
        Arrays.stream(call.path().split(":"))
            .filter(directory -> !directory.isEmpty())
            .map(Path::of)
            .toList();
    NetworkList network =
        new NetworkList(call.config().name(), version(config), List.of(config), "");
    PluginCalls calls =
        new PluginCalls(
            host,
            directories,
            line ->
                LOG.atWarn()
                    .addKeyValue("container", call.containerId())
                    .addKeyValue("said", line)
                    .log("the delegate wrote to its standard error"));
    return calls.call(
        command,
        complete(call, config),
        call.containerId().isEmpty()
            ? null
            : new Place(network, call.attachment(), Path.of(call.netns())),
        call.args());
  }
}
