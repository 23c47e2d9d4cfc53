package io.dualstack.impl.cni.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;
import io.dualstack.net.InterfaceAddress;
import io.dualstack.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads members of an object; an absent or null member is the empty value, as in the original. What
 * is of another type or can't be read is refused with its path.
 *
 * @param object the object
 * @param path where it is, such as {@code ips[0]}; empty for the whole
 * @param code the code of refusals
 */
public record Fields(ObjectNode object, String path, CniErrorCode code) {

  /** Starts at the root of a document. */
  public static Fields of(ObjectNode object, CniErrorCode code) {
    return new Fields(object, "", code);
  }

  /** Returns a text; empty if absent. */
  public String text(String key) {
    JsonNode node = member(key);
    if (node == null) {
      return "";
    }
    if (!node.isTextual()) {
      throw refused(key, node + ": is no text; write it in quotes");
    }
    return node.textValue();
  }

  /** Returns a number; 0 if absent. */
  public int number(String key) {
    Integer number = numberOrNull(key);
    return number == null ? 0 : number;
  }

  /** Returns a number; null if absent. */
  public @Nullable Integer numberOrNull(String key) {
    JsonNode node = member(key);
    if (node == null) {
      return null;
    }
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw refused(key, node + ": is no whole number of 32 bits");
    }
    return node.intValue();
  }

  /** Returns a number that is in a range; 0 if absent. */
  public int number(String key, int max) {
    int number = number(key);
    if (number < 0 || number > max) {
      throw refused(key, "%d: use a number from 0 to %d".formatted(number, max));
    }
    return number;
  }

  /** Checks that a member is true, false or absent. */
  public void checkFlag(String key) {
    JsonNode node = member(key);
    if (node != null && !node.isBoolean()) {
      throw refused(key, node + ": must be true or false");
    }
  }

  /** Returns an object; null if absent. */
  public @Nullable Fields objectOrNull(String key) {
    JsonNode node = member(key);
    if (node == null) {
      return null;
    }
    if (node instanceof ObjectNode inner) {
      return new Fields(inner, pathOf(key), code);
    }
    throw refused(key, "is no object");
  }

  /** Returns the elements of an array; none if absent. */
  public List<JsonNode> elements(String key) {
    JsonNode node = member(key);
    if (node == null) {
      return List.of();
    }
    if (!(node instanceof ArrayNode array)) {
      throw refused(key, "is no list");
    }
    List<JsonNode> elements = new ArrayList<>(array.size());
    array.forEach(elements::add);
    return elements;
  }

  /** Returns the objects of an array; none if absent. */
  public List<Fields> objects(String key) {
    List<Fields> objects = new ArrayList<>();
    for (JsonNode element : elements(key)) {
      String at = key + "[" + objects.size() + "]";
      if (!(element instanceof ObjectNode inner)) {
        throw refused(at, "is no object");
      }
      objects.add(new Fields(inner, pathOf(at), code));
    }
    return objects;
  }

  /** Returns the texts of an array; none if absent. */
  public List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (JsonNode element : elements(key)) {
      if (!element.isTextual()) {
        throw refused(key + "[" + texts.size() + "]", element + ": is no text");
      }
      texts.add(element.textValue());
    }
    return texts;
  }

  /** Returns an address; null if absent or empty. An IPv4-mapped one is taken as IPv4. */
  public @Nullable IpAddress address(String key) {
    String text = text(key);
    if (text.isEmpty()) {
      return null;
    }
    return parseAddress(text)
        .orElseThrow(
            () -> new CniException(code, "invalid IP address: " + text, pathOf(key), null));
  }

  /** Reads an address; an IPv4-mapped one is taken as IPv4, as the original does. */
  public static Optional<IpAddress> parseAddress(String text) {
    return IpAddress.tryParse(text).map(address -> address.mappedIpv4().orElse(address));
  }

  /** Returns an address with the length of its network, host bits and all. */
  public InterfaceAddress cidr(String key) {
    String text = text(key);
    return InterfaceAddress.tryParse(text)
        .orElseThrow(
            () -> new CniException(code, "invalid CIDR address: " + text, pathOf(key), null));
  }

  /** Tells whether a member is there and not null. */
  public boolean has(String key) {
    return member(key) != null;
  }

  /** Returns a refusal of a member. */
  public CniException refused(String key, String what) {
    return new CniException(code, pathOf(key) + ": " + what);
  }

  private String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private @Nullable JsonNode member(String key) {
    JsonNode node = object.get(key);
    return node == null || node.isNull() ? null : node;
  }
}
