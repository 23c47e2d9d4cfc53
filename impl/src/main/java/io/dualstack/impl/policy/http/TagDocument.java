package io.dualstack.impl.policy.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.impl.http.JsonBody;
import io.dualstack.impl.http.JsonBody.MalformedException;
import io.dualstack.policy.PolicyGroup;
import io.dualstack.policy.PolicyTag;
import java.util.Iterator;
import java.util.List;

/** Tags and who has them, in the words of the API. Reading cares for case as little as Go does. */
final class TagDocument {

  private TagDocument() {}

  /** Who asks for a tag; nobody has looked at the texts. */
  record Wish(String id, String type) {}

  static byte[] write(List<PolicyGroup> groups) {
    ObjectNode document = JsonBody.object();
    ArrayNode tags = document.putArray("tags");
    groups.forEach(group -> tags.add(node(group)));
    return JsonBody.bytes(document);
  }

  static byte[] write(PolicyGroup group) {
    return JsonBody.bytes(node(group));
  }

  private static ObjectNode node(PolicyGroup group) {
    return JsonBody.object()
        .put("id", group.id())
        .put("tag", group.tag().toString())
        .put("type", group.type());
  }

  static byte[] write(Wish wish) {
    return JsonBody.bytes(JsonBody.object().put("id", wish.id()).put("type", wish.type()));
  }

  static Wish readWish(byte[] body) throws MalformedException {
    JsonNode node = JsonBody.read(body);
    return new Wish(text(node, "id"), text(node, "type"));
  }

  static PolicyGroup read(byte[] body) throws MalformedException {
    JsonNode node = JsonBody.read(body);
    String tag = text(node, "tag");
    try {
      return new PolicyGroup(
          text(node, "id"),
          text(node, "type"),
          new PolicyTag(Integer.parseInt(tag, 16), tag.length() / 2));
    } catch (IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
  }

  private static String text(JsonNode node, String key) throws MalformedException {
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (name.equalsIgnoreCase(key)) {
        return JsonBody.text(node, name);
      }
    }
    return "";
  }
}
