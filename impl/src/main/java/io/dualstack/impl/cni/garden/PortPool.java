package io.dualstack.impl.cni.garden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;
import io.dualstack.impl.cni.protocol.CniJson;
import io.dualstack.impl.cni.protocol.GoJson;
import io.dualstack.impl.kernel.LockedFile;
import io.dualstack.net.PortRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The host's ports that containers have, in a file that the original reads and writes too: {@code
 * {"acquired_ports":{"HANDLE":[PORT,…]}}}, which is its own lock. Thread-safe, also between
 * processes.
 *
 * <p>Ports of the range that a mapping names itself are entered as well, other than in the
 * original, which would give them to another container.
 */
final class PortPool {
  private static final String ROOT = "acquired_ports";

  private final Path file;
  private final PortRange range;

  PortPool(Path file, PortRange range) {
    this.file = file;
    this.range = range;
  }

  /**
   * Chooses a port for every mapping without one: the lowest that are free. All or none.
   *
   * @return the mappings in their order, none with port 0
   * @throws CniException if too few are free, or a mapping names a port that another container has
   */
  List<PortMapping> acquire(String handle, List<PortMapping> wanted) throws IOException {
    if (wanted.stream().noneMatch(each -> each.hostPort() == 0 || isInRange(each.hostPort()))) {
      return wanted;
    }
    try (LockedFile locked = LockedFile.open(file)) {
      TreeMap<Integer, String> owners = owners(locked);
      for (PortMapping each : wanted) {
        if (isInRange(each.hostPort())) {
          String owner = owners.putIfAbsent(each.hostPort(), handle);
          if (owner != null && !owner.equals(handle)) {
            throw new CniException(
                CniErrorCode.INVALID_CONFIGURATION,
                "host_port: %d: is container %s's; use another, or 0 to have one chosen"
                    .formatted(each.hostPort(), owner));
          }
        }
      }
      List<PortMapping> chosen = new ArrayList<>();
      int next = range.first();
      for (PortMapping each : wanted) {
        if (each.hostPort() != 0) {
          chosen.add(each);
          continue;
        }
        while (owners.containsKey(next)) {
          next++;
        }
        if (next > range.last()) {
          throw new CniException(
              CniErrorCode.TRY_AGAIN_LATER,
              "host_port: all ports from %d to %d are in use; raise total_ports"
                  .formatted(range.first(), range.last()));
        }
        owners.put(next, handle);
        chosen.add(new PortMapping(next, each.containerPort()));
      }
      locked.overwrite(text(owners));
      return chosen;
    }
  }

  private boolean isInRange(int port) {
    return range.first() <= port && port <= range.last();
  }

  /** Gives back all ports of a container; does nothing if it has none. */
  void release(String handle) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    try (LockedFile locked = LockedFile.open(file)) {
      TreeMap<Integer, String> owners = owners(locked);
      if (owners.values().removeIf(handle::equals)) {
        locked.overwrite(text(owners));
      }
    }
  }

  private TreeMap<Integer, String> owners(LockedFile locked) throws IOException {
    TreeMap<Integer, String> owners = new TreeMap<>();
    JsonNode handles = GoJson.read(file, locked.read()).path(ROOT);
    for (Map.Entry<String, JsonNode> each : handles.properties()) {
      for (JsonNode port : each.getValue()) {
        if (!port.isInt()) {
          throw new IOException(
              "%s: /%s/%s: %s: is no port; repair or remove the file"
                  .formatted(file, ROOT, each.getKey(), port));
        }
        owners.put(port.intValue(), each.getKey());
      }
    }
    return owners;
  }

  private static String text(TreeMap<Integer, String> owners) {
    Map<String, ArrayNode> byHandle = new TreeMap<>();
    owners.forEach(
        (port, handle) ->
            byHandle.computeIfAbsent(handle, none -> CniJson.object().arrayNode()).add(port));
    ObjectNode tree = CniJson.object();
    tree.putObject(ROOT).setAll(byHandle);
    return GoJson.text(tree) + "\n";
  }
}
