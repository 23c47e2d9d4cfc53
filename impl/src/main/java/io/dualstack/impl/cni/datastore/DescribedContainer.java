package io.dualstack.impl.cni.datastore;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cell.AttachedContainer;
import io.dualstack.firewall.Lifecycle;
import io.dualstack.firewall.Workload;
import io.dualstack.net.PortRange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A container of a cell, and what the runtime said of it.
 *
 * @param metadata such as {@code policy_group_id} and {@code space_id}; empty if nothing was said
 */
public record DescribedContainer(AttachedContainer container, ObjectNode metadata) {
  private static final JsonMapper JSON = new JsonMapper();

  /** Returns what it is there for, as far as that was said. */
  public Workload workload() {
    return new Workload(text("policy_group_id"), text("space_id"), lifecycle());
  }

  private @Nullable Lifecycle lifecycle() {
    return switch (text("container_workload")) {
      case "app", "task" -> Lifecycle.RUNNING;
      case "staging" -> Lifecycle.STAGING;
      default -> null;
    };
  }

  /**
   * Returns the application that it is an instance of; empty for tasks and staging, and where
   * nothing was said.
   */
  public String application() {
    return switch (text("container_workload")) {
      case "task", "staging" -> "";
      default -> text("policy_group_id");
    };
  }

  /** Returns its index among the application's instances; 0 where nothing was said. */
  public int index() {
    try {
      return Math.max(0, JSON.readTree(text("log_config")).path("index").asInt());
    } catch (JsonProcessingException e) {
      // What is in there is for those who log; what can't be read says nothing.
      return 0;
    }
  }

  /**
   * Returns the ports that it declares.
   *
   * @throws IllegalArgumentException if one is no port
   */
  public List<Integer> ports() {
    List<Integer> ports = new ArrayList<>();
    for (String text : text("ports").split(",")) {
      if (!text.isBlank()) {
        ports.add(port(text.strip()));
      }
    }
    return List.copyOf(ports);
  }

  private static int port(String text) {
    if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > PortRange.MAX || text.equals("0")) {
      throw new IllegalArgumentException(
          "metadata.ports: \"%s\": is no port; use 1 to %d, with commas between"
              .formatted(text, PortRange.MAX));
    }
    return Integer.parseInt(text);
  }

  private String text(String key) {
    return metadata.path(key).asText("");
  }
}
