package io.dualstack.impl.kernel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dualstack.KernelException;
import java.util.ArrayList;
import java.util.List;

/** What {@code ip -json} says of a namespace. */
public final class IpJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private IpJson() {}

  /**
   * Asks one question in a process of its own.
   *
   * @param question the words after {@code ip -json}, such as {@code address show dev eth0}
   * @return the objects of the answer; empty when there are none
   * @throws KernelException if {@code ip} refuses, also when a device that was named is not there
   */
  public static List<JsonNode> read(Namespace namespace, String... question) {
    List<String> command = new ArrayList<>(List.of("ip", "-json"));
    command.addAll(List.of(question));
    String answer = Tool.run(namespace, command, "");
    try {
      List<JsonNode> objects = new ArrayList<>();
      JSON.readTree(answer.isBlank() ? "[]" : answer)
          .forEach(
              node -> {
                // A filter leaves empty objects where it matched nothing.
                if (!node.isEmpty()) {
                  objects.add(node);
                }
              });
      return objects;
    } catch (JsonProcessingException e) {
      throw new KernelException(
          String.join(" ", command), "answered no JSON: " + e.getOriginalMessage(), e);
    }
  }
}
