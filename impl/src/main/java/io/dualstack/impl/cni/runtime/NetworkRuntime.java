package io.dualstack.impl.cni.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;
import io.dualstack.cni.CniResult;
import io.dualstack.cni.CniVersion;
import io.dualstack.impl.cni.protocol.CniJson;
import io.dualstack.impl.cni.protocol.ResultReader;
import io.dualstack.impl.cni.protocol.ResultWriter;
import io.dualstack.impl.cni.runtime.ResultCache.Kept;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Undo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Attaches containers to networks by executing plugins, as the CNI specification has runtimes do.
 * Calls for one container must not overlap; those for several may.
 */
public final class NetworkRuntime {
  private final PluginCalls calls;
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
    this.calls = new PluginCalls(host, directories, notes);
    this.results = new ResultCache(cache, notes);
  }

  /**
   * Attaches a container: every plugin's ADD in order, each with the result of the one before.
   *
   * @param capabilities by capability, what plugins are told that have it. It is kept for DEL from
   *     before the first plugin is called
   * @return the last plugin's result
   * @throws CniException if a plugin fails; then it and those before it were called with DEL. What
   *     failed in that is suppressed in the exception, and {@link #del} can be called again
   */
  public CniResult add(Place place, ObjectNode capabilities) {
    Undo undo = new Undo();
    try {
      keep(place, new Kept(capabilities, null));
      Deque<CniResult> done = new ArrayDeque<>();
      for (ObjectNode plugin : place.network().plugins()) {
        undo.add(() -> call("DEL", place, plugin, new Kept(capabilities, done.peek())));
        done.push(
            read(plugin, place, call("ADD", place, plugin, new Kept(capabilities, done.peek()))));
      }
      keep(place, new Kept(capabilities, done.element()));
      return done.element();
    } catch (RuntimeException e) {
      undo.run(e);
      if (e.getSuppressed().length == 0) {
        forget(place);
      }
      throw e;
    }
  }

  private void keep(Place place, Kept kept) {
    try {
      results.put(place, kept);
    } catch (IOException e) {
      throw notKept(e);
    }
  }

  private static CniException notKept(IOException e) {
    return new CniException(
        CniErrorCode.IO_FAILURE, "the cache of results can't be changed", String.valueOf(e), e);
  }

  private static CniResult read(ObjectNode plugin, Place place, String answer) {
    ObjectNode object =
        CniJson.parse(
            "result of " + plugin.path("type").asText(), answer.getBytes(StandardCharsets.UTF_8));
    return object.hasNonNull("cniVersion")
        ? ResultReader.read(object)
        : ResultReader.read(object, place.network().version());
  }

  /**
   * Detaches a container: every plugin's DEL, the last first, each with the result that was kept.
   * Succeeds for what isn't attached, if the plugins do.
   *
   * @throws CniException at the first plugin that fails; the same call can be made again
   */
  public void del(Place place) {
    Kept kept = results.get(place);
    List<ObjectNode> plugins = place.network().plugins();
    for (int i = plugins.size() - 1; i >= 0; i--) {
      String unused = call("DEL", place, plugins.get(i), kept);
    }
    forget(place);
  }

  private void forget(Place place) {
    try {
      results.remove(place);
    } catch (IOException e) {
      throw notKept(e);
    }
  }

  private String call(String command, Place place, ObjectNode plugin, Kept kept) {
    CniVersion version = place.network().version();
    ObjectNode config = plugin.deepCopy();
    config.put("cniVersion", version.text()).put("name", place.network().name());
    for (Map.Entry<String, JsonNode> each : kept.capabilities().properties()) {
      if (plugin.path("capabilities").path(each.getKey()).asBoolean()) {
        config.withObjectProperty("runtimeConfig").set(each.getKey(), each.getValue());
      }
    }
    @Nullable CniResult result = kept.result();
    if (result != null && isHandedOn(command, version)) {
      config.set("prevResult", ResultWriter.write(result, version));
    }
    try {
      return calls.call(command, config, place, "");
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
