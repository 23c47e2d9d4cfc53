package io.dualstack.impl.lease.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.lease.CellLease;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * The bodies of requests and answers, byte for byte as Go's encoder writes them. Reading forgives
 * what Go's decoder does: unknown keys, missing ones, and null.
 */
final class LeaseJson {

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final String UNDERLAY_IP = "underlay_ip";
  private static final String OVERLAY_SUBNET = "overlay_subnet";
  private static final String HARDWARE_ADDRESS = "overlay_hardware_addr";

  private LeaseJson() {}

  // Writing

  static byte[] lease(CellLease lease) {
    return bytes(node(lease));
  }

  static byte[] leases(List<CellLease> leases) {
    ObjectNode body = MAPPER.createObjectNode();
    ArrayNode array = body.putArray("leases");
    leases.forEach(lease -> array.add(node(lease)));
    return bytes(body);
  }

  static byte[] acquisition(IpAddress underlayIp, boolean single) {
    return bytes(
        MAPPER
            .createObjectNode()
            .put(UNDERLAY_IP, underlayIp.toString())
            .put("single_overlay_ip", single));
  }

  static byte[] release(IpAddress underlayIp) {
    return bytes(MAPPER.createObjectNode().put(UNDERLAY_IP, underlayIp.toString()));
  }

  /** Unlike the Silk controller, this escapes the text, so that it is JSON whatever it says. */
  static byte[] error(String text) {
    try {
      return ("{\"error\": " + MAPPER.writeValueAsString(text) + "}")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ObjectNode node(CellLease lease) {
    return MAPPER
        .createObjectNode()
        .put(UNDERLAY_IP, lease.underlayIp().toString())
        .put(OVERLAY_SUBNET, lease.overlaySubnet().toString())
        .put(HARDWARE_ADDRESS, lease.hardwareAddress().toString());
  }

  private static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  // Reading

  /** A body that is no JSON, or has a value of a wrong type. */
  static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedException(String message) {
      super(message);
    }
  }

  record Acquisition(String underlayIp, boolean single) {}

  /** A lease whose values nobody has looked at. */
  record Claim(String underlayIp, String overlaySubnet, String hardwareAddress) {

    /**
     * Reads the values.
     *
     * @throws IllegalArgumentException if one is not what it should be
     */
    CellLease lease() {
      IpAddress underlay =
          IpAddress.tryParse(underlayIp)
              .orElseThrow(
                  () -> new IllegalArgumentException("invalid underlay ip: " + underlayIp));
      IpPrefix subnet =
          IpPrefix.tryParse(overlaySubnet)
              .orElseThrow(
                  () -> new IllegalArgumentException("invalid CIDR address: " + overlaySubnet));
      MacAddress hardware =
          MacAddress.tryParse(hardwareAddress)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "address " + hardwareAddress + ": invalid MAC address"));
      return new CellLease(underlay, subnet, hardware);
    }
  }

  static Acquisition readAcquisition(byte[] body) throws MalformedException {
    JsonNode node = read(body);
    JsonNode single = node.path("single_overlay_ip");
    if (!single.isMissingNode() && !single.isNull() && !single.isBoolean()) {
      throw new MalformedException("single_overlay_ip: must be true or false");
    }
    return new Acquisition(text(node, UNDERLAY_IP), single.asBoolean(false));
  }

  static Claim readClaim(byte[] body) throws MalformedException {
    return claim(read(body));
  }

  static String readUnderlayIp(byte[] body) throws MalformedException {
    return text(read(body), UNDERLAY_IP);
  }

  static List<Claim> readClaims(byte[] body) throws MalformedException {
    JsonNode leases = read(body).path("leases");
    if (!leases.isArray() && !leases.isNull() && !leases.isMissingNode()) {
      throw new MalformedException("leases: must be an array");
    }
    List<JsonNode> nodes = StreamSupport.stream(leases.spliterator(), false).toList();
    List<Claim> claims = new ArrayList<>();
    for (JsonNode node : nodes) {
      claims.add(claim(node));
    }
    return claims;
  }

  /** Returns the text of an error body; the whole body if it is none. */
  static String readError(byte[] body) {
    try {
      return text(read(body), "error");
    } catch (MalformedException e) {
      return new String(body, StandardCharsets.UTF_8).strip();
    }
  }

  private static Claim claim(JsonNode node) throws MalformedException {
    return new Claim(
        text(node, UNDERLAY_IP), text(node, OVERLAY_SUBNET), text(node, HARDWARE_ADDRESS));
  }

  private static JsonNode read(byte[] body) throws MalformedException {
    try {
      JsonNode node = MAPPER.readTree(body);
      if (node.isNull()) {
        return MAPPER.createObjectNode();
      }
      if (!node.isObject()) {
        throw new MalformedException(
            node.isMissingNode() ? "unexpected end of JSON input" : "must be a JSON object");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw new MalformedException(e.getOriginalMessage());
    } catch (IOException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
  }

  private static String text(JsonNode node, String key) throws MalformedException {
    JsonNode value = node.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    if (!value.isTextual()) {
      throw new MalformedException(key + ": must be a string");
    }
    return value.textValue();
  }
}
