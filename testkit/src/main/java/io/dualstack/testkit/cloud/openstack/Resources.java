package io.dualstack.testkit.cloud.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** All that Neutron has, with its lists: filters, fields, pages, and how far they lag behind. */
final class Resources {
  private static final Set<String> NOT_FILTERS = Set.of("fields", "limit", "marker");
  private static final Set<String> FILTERS =
      Set.of(
          "id",
          "name",
          "description",
          "network_id",
          "project_id",
          "tenant_id",
          "device_id",
          "device_owner",
          "status",
          "mac_address",
          "subnetpool_id",
          "ip_version",
          "cidr",
          "shared",
          "fixed_ips");

  private final Map<String, Map<String, ObjectNode>> byKind = new HashMap<>();
  private final Map<String, List<ObjectNode>> stale = new HashMap<>();
  private final Map<String, Integer> staleLists = new HashMap<>();
  int lag;
  int pageSize = 1000;

  Map<String, ObjectNode> all(String kind) {
    return byKind.computeIfAbsent(kind, key -> new LinkedHashMap<>());
  }

  Collection<ObjectNode> each(String kind) {
    return all(kind).values();
  }

  ObjectNode get(String kind, String id, String singular) {
    ObjectNode found = all(kind).get(id);
    if (found == null) {
      throw new Refused(404, singular + "NotFound", singular + " " + id + " could not be found.");
    }
    return found;
  }

  /** Adds a resource, with what every resource has. */
  ObjectNode add(String kind, ObjectNode resource, String projectId) {
    keepOld(kind);
    resource.put("id", UUID.randomUUID().toString());
    resource.put("project_id", projectId);
    resource.put("tenant_id", projectId);
    resource.put("revision_number", 1);
    for (String text : List.of("name", "description")) {
      if (!resource.has(text)) {
        resource.put(text, "");
      }
    }
    all(kind).put(Json.text(resource, "id"), resource);
    return resource;
  }

  void remove(String kind, String id) {
    keepOld(kind);
    all(kind).remove(id);
  }

  void changed(ObjectNode resource) {
    resource.put("revision_number", resource.path("revision_number").asLong() + 1);
  }

  private void keepOld(String kind) {
    if (lag > 0) {
      stale.put(kind, each(kind).stream().map(ObjectNode::deepCopy).toList());
      staleLists.put(kind, lag);
    }
  }

  /** A page of a list, as a project sees it. */
  ObjectNode list(String kind, Map<String, List<String>> query, String seenBy) {
    Map<String, List<String>> filters = new LinkedHashMap<>(query);
    filters.keySet().removeAll(NOT_FILTERS);
    for (String filter : filters.keySet()) {
      if (!FILTERS.contains(filter)) {
        throw Refused.bad("['" + filter + "'] is invalid attribute for filtering");
      }
    }
    List<ObjectNode> matching = new ArrayList<>();
    for (ObjectNode resource : seen(kind)) {
      if (isVisible(resource, seenBy) && matches(resource, filters)) {
        matching.add(resource);
      }
    }
    return page(kind, query, matching);
  }

  private Collection<ObjectNode> seen(String kind) {
    int left = staleLists.getOrDefault(kind, 0);
    if (left > 0) {
      staleLists.put(kind, left - 1);
      return stale.getOrDefault(kind, List.of());
    }
    return each(kind);
  }

  static boolean isVisible(ObjectNode resource, String seenBy) {
    return seenBy.isEmpty()
        || Json.text(resource, "project_id").equals(seenBy)
        || resource.path("shared").asBoolean(false);
  }

  private static boolean matches(ObjectNode resource, Map<String, List<String>> filters) {
    return filters.entrySet().stream()
        .allMatch(
            filter ->
                filter.getKey().equals("fixed_ips")
                    ? filter.getValue().stream().allMatch(value -> hasFixedIp(resource, value))
                    : filter.getValue().contains(Json.text(resource, filter.getKey())));
  }

  private static boolean hasFixedIp(ObjectNode port, String filter) {
    int equals = filter.indexOf('=');
    for (JsonNode fixed : port.path("fixed_ips")) {
      if (Json.text(fixed, filter.substring(0, equals)).equals(filter.substring(equals + 1))) {
        return true;
      }
    }
    return false;
  }

  private ObjectNode page(String kind, Map<String, List<String>> query, List<ObjectNode> matching) {
    int from = 0;
    List<String> marker = query.getOrDefault("marker", List.of());
    if (!marker.isEmpty()) {
      List<String> ids = matching.stream().map(one -> Json.text(one, "id")).toList();
      from = ids.indexOf(marker.get(0)) + 1;
    }
    int limit = pageSize;
    List<String> asked = query.getOrDefault("limit", List.of());
    if (!asked.isEmpty()) {
      limit = Math.min(pageSize, Integer.parseInt(asked.get(0)));
    }
    int to = Math.min(matching.size(), from + limit);
    String collection = kind.replace('-', '_');
    ObjectNode answer = Json.object();
    ArrayNode page = answer.putArray(collection);
    List<String> fields = query.getOrDefault("fields", List.of());
    for (ObjectNode resource : matching.subList(from, to)) {
      page.add(fields.isEmpty() ? resource.deepCopy() : resource.deepCopy().retain(fields));
    }
    if (to < matching.size() && to > from) {
      answer
          .putArray(collection + "_links")
          .addObject()
          .put("rel", "next")
          .put("href", "?marker=" + Json.text(matching.get(to - 1), "id"));
    }
    return answer;
  }
}
