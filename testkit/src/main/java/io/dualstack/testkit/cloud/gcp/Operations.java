package io.dualstack.testkit.cloud.gcp;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What was begun, and is done once it has been asked about often enough. */
final class Operations {
  private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  /** An operation; its error, if any, shows when it is done. */
  private static final class Begun {
    private final ObjectNode json;
    private final @Nullable Failed failure;
    private int looksLeft;

    Begun(ObjectNode json, @Nullable Failed failure, int looks) {
      this.json = json;
      this.failure = failure;
      this.looksLeft = looks;
    }
  }

  /** Ends an operation with an error in place of answering with one. */
  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String code;

    Failed(String code, String message) {
      super(message);
      this.code = code;
    }
  }

  private final Map<String, Begun> byName = new HashMap<>();
  private final Map<String, String> byRequestId = new HashMap<>();
  private int looks = 1;

  void looks(int number) {
    looks = number;
  }

  /** Does something, once for each request identifier. */
  ObjectNode begin(
      String type,
      String scope,
      String scopeUrl,
      Optional<String> requestId,
      Supplier<String> work) {
    if (requestId.isPresent()) {
      if (!UUID.matcher(requestId.get()).matches()) {
        throw Refusal.invalid("requestId", requestId.get(), "It must be a UUID.");
      }
      String before = byRequestId.get(requestId.get());
      if (before != null) {
        return look(before, false);
      }
    }
    Failed failure = null;
    String target = "";
    try {
      target = work.get();
    } catch (Failed e) {
      failure = e;
    }
    String name = "operation-" + (byName.size() + 1);
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("kind", "compute#operation")
        .put("name", name)
        .put("operationType", type)
        .put("targetLink", target)
        .put("status", "RUNNING")
        .put("progress", 0)
        .put(scope, scopeUrl)
        .put("selfLink", scopeUrl + "/operations/" + name);
    byName.put(name, new Begun(json, failure, looks));
    requestId.ifPresent(id -> byRequestId.put(id, name));
    return look(name, false);
  }

  /** Shows an operation; that somebody asks lets it go on. */
  ObjectNode look(String name, boolean isAsked) {
    Begun begun = byName.get(name);
    if (begun == null) {
      throw Refusal.notFound("operations/" + name);
    }
    if (isAsked && begun.looksLeft > 0) {
      begun.looksLeft--;
    }
    ObjectNode json = begun.json.deepCopy();
    if (begun.looksLeft == 0) {
      json.put("status", "DONE").put("progress", 100);
      if (begun.failure != null) {
        json.put("httpErrorStatusCode", 400).put("httpErrorMessage", "BAD REQUEST");
        json.putObject("error")
            .putArray("errors")
            .addObject()
            .put("code", begun.failure.code)
            .put("message", begun.failure.getMessage());
      }
    }
    return json;
  }
}
