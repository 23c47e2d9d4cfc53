package io.dualstack.impl.cpi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.impl.cpi.CpiFault.Kind;

/**
 * One request of a director.
 *
 * @param method what is asked for
 * @param arguments an array
 * @param apiVersion which version of the protocol the director speaks; 1 if it doesn't say
 */
record CpiCall(String method, JsonNode arguments, int apiVersion) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static CpiCall parse(String text) {
    JsonNode request;
    try {
      request = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new CpiFault(Kind.CPI_ERROR, "the request is no JSON: " + e.getOriginalMessage());
    }
    if (request == null || !request.isObject()) {
      throw new CpiFault(
          Kind.CPI_ERROR,
          "the request is no JSON object; send {\"method\": …, \"arguments\": […], \"context\": {…}}");
    }
    JsonNode method = request.path("method");
    if (!method.isTextual()) {
      throw new CpiFault(Kind.INVALID_CALL, "/method: is missing or no string; name a method");
    }
    JsonNode arguments = request.path("arguments");
    if (!arguments.isArray()) {
      throw new CpiFault(Kind.INVALID_CALL, "/arguments: is missing or no array; send one");
    }
    JsonNode version = request.path("api_version");
    if (!version.isMissingNode() && !version.isNull() && !version.canConvertToInt()) {
      throw new CpiFault(
          Kind.INVALID_CALL, "/api_version: " + version + ": is no number; use 1 or 2");
    }
    if (version.asInt(1) < 1 || version.asInt(1) > NetworkCpi.API_VERSION) {
      throw new CpiFault(
          Kind.NOT_SUPPORTED, "/api_version: " + version + ": is unsupported; use 1 or 2");
    }
    return new CpiCall(method.textValue(), arguments, version.asInt(1));
  }

  /** Returns an argument that must be a text with at least one character. */
  String text(int index, String what) {
    JsonNode argument = arguments.path(index);
    if (!argument.isTextual() || argument.textValue().isEmpty()) {
      throw wrong(index, what, "a string");
    }
    return argument.textValue();
  }

  /** Returns an argument that must be an object. */
  ObjectNode object(int index, String what) {
    if (arguments.path(index) instanceof ObjectNode object) {
      return object;
    }
    throw wrong(index, what, "an object");
  }

  /** Returns an argument that may be left out, and is an object otherwise. */
  ObjectNode optionalObject(int index, String what) {
    JsonNode argument = arguments.path(index);
    return argument.isMissingNode() || argument.isNull()
        ? JSON.createObjectNode()
        : object(index, what);
  }

  private CpiFault wrong(int index, String what, String wanted) {
    JsonNode argument = arguments.path(index);
    return new CpiFault(
        Kind.CPI_ERROR,
        "/arguments/%d: %s: the %s of %s must be %s"
            .formatted(
                index,
                argument.isMissingNode() ? "is missing" : argument.getNodeType(),
                what,
                method,
                wanted));
  }
}
