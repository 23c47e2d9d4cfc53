package io.dualstack.impl.cni.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cni.Attachment;
import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;
import io.dualstack.cni.CniResult;
import io.dualstack.cni.CniVersion;
import io.dualstack.impl.cni.protocol.CniJson;
import io.dualstack.impl.cni.protocol.ResultReader;
import io.dualstack.impl.cni.protocol.ResultWriter;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Undo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Attaches containers to networks by executing plugins, as the CNI specification has runtimes do.
 * Calls for one container must not overlap; those for several may.
 */
public final class NetworkRuntime {
  private final PluginCalls plugins;
  private final ResultCache results;

  /**
   * Creates the runtime of a host.
   *
   * @param host the namespace that plugins run in
   * @param directories where plugins are looked for, in this order
   * @param cache where results are kept, in its {@code results}; Go's library has {@code
   *     /var/lib/cni}
   * @param notes told what plugins write to their standard error
   */
  public NetworkRuntime(
      Namespace host, List<Path> directories, Path cache, Consumer<String> notes) {
    this.plugins = new PluginCalls(host, directories, notes);
    this.results = new ResultCache(cache, notes);
  }

  /**
   * Attaches a container: every plugin's ADD in order, each with the result of the one before.
   *
   * @param netns the container's namespace
   * @return the last plugin's result
   * @throws CniException if a plugin fails; then it and those before it were called with DEL, and
   *     what failed in that is suppressed in the exception
   */
  public CniResult add(NetworkList network, Attachment attachment, Path netns) {
    Undo undo = new Undo();
    try {
      Deque<CniResult> done = new ArrayDeque<>();
      for (ObjectNode plugin : network.plugins()) {
        undo.add(() -> call("DEL", network, plugin, attachment, netns, done.peek()));
        done.push(
            read(plugin, network, call("ADD", network, plugin, attachment, netns, done.peek())));
      }
      results.put(network, attachment, netns, done.element());
      return done.element();
    } catch (IOException e) {
      CniException failure =
          new CniException(
              CniErrorCode.IO_FAILURE, "the result can't be kept", String.valueOf(e), e);
      undo.run(failure);
      throw failure;
    } catch (RuntimeException e) {
      undo.run(e);
      throw e;
    }
  }

  private static CniResult read(ObjectNode plugin, NetworkList network, String answer) {
    ObjectNode object =
        CniJson.parse(
            "result of " + plugin.path("type").asText(), answer.getBytes(StandardCharsets.UTF_8));
    return object.hasNonNull("cniVersion")
        ? ResultReader.read(object)
        : ResultReader.read(object, network.version());
  }

  /**
   * Detaches a container: every plugin's DEL, the last first, each with the result that was kept.
   * Succeeds for what isn't attached, if the plugins do.
   *
   * @throws CniException at the first plugin that fails; the same call can be made again
   */
  public void del(NetworkList network, Attachment attachment, Path netns) {
    @Nullable CniResult result = results.get(network, attachment).orElse(null);
    for (int i = network.plugins().size() - 1; i >= 0; i--) {
      String unused = call("DEL", network, network.plugins().get(i), attachment, netns, result);
    }
    try {
      results.remove(network, attachment);
    } catch (IOException e) {
      throw new CniException(
          CniErrorCode.IO_FAILURE, "the kept result can't be removed", String.valueOf(e), e);
    }
  }

  private String call(
      String command,
      NetworkList network,
      ObjectNode plugin,
      Attachment attachment,
      Path netns,
      @Nullable CniResult previous) {
    ObjectNode config = plugin.deepCopy();
    config.put("cniVersion", network.version().text()).put("name", network.name());
    if (previous != null && isHandedOn(command, network.version())) {
      config.set("prevResult", ResultWriter.write(previous, network.version()));
    }
    try {
      return plugins.call(command, config, attachment, netns);
    } catch (CniException e) {
      throw new CniException(
          e.code(),
          "%s of plugin %s: %s".formatted(command, config.path("type").asText(), e.message()),
          e.details(),
          e);
    }
  }

  /** DEL knows results since 0.4.0. */
  private static boolean isHandedOn(String command, CniVersion version) {
    return command.equals("ADD") || version.isAtLeast(CniVersion.V0_4_0);
  }
}
