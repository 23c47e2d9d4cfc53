package io.dualstack.spi.openstack.neutron;

import com.fasterxml.jackson.databind.JsonNode;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads Neutron's values. */
final class Json {
  private Json() {}

  static String text(JsonNode node, String name) {
    return node.path(name).asText("");
  }

  static @Nullable Long revision(JsonNode node) {
    JsonNode revision = node.path("revision_number");
    return revision.isNumber() ? revision.asLong() : null;
  }

  /** A number that some releases write as text; absent if it is neither. */
  static Optional<Integer> number(JsonNode node, String name) {
    String text = text(node, name);
    return text.matches("-?[0-9]{1,9}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
  }

  static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(node -> texts.add(node.asText()));
    return texts;
  }

  /** A block as an address pair has it: host bits are allowed and mean nothing. */
  static Optional<IpPrefix> block(String text) {
    int slash = text.indexOf('/');
    Optional<IpAddress> address = IpAddress.tryParse(slash < 0 ? text : text.substring(0, slash));
    String length = slash < 0 ? "" : text.substring(slash + 1);
    return address.map(
        known ->
            length.matches("[0-9]{1,3}")
                ? IpPrefix.containing(known, Integer.parseInt(length))
                : known.toPrefix());
  }
}
