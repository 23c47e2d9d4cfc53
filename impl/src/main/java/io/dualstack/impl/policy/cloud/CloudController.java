package io.dualstack.impl.policy.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.Iterables;
import io.dualstack.impl.http.JsonBody;
import io.dualstack.impl.http.JsonBody.MalformedException;
import io.dualstack.impl.http.RemoteService;
import io.dualstack.policy.BoundSecurityGroup;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Cloud Controller's API, version 3. Every method throws {@link
 * io.dualstack.StoreUnavailableException} when there is no answer, or one that makes no sense.
 * Thread-safe.
 */
public final class CloudController {

  private static final int PER_PAGE = 5_000;

  private final RemoteService remote;
  private final Supplier<String> token;
  private final int appsPerRequest;

  /**
   * Names the server; nothing is contacted yet.
   *
   * @param token returns a token for each call
   * @param appsPerRequest how many applications to ask for at once
   */
  public CloudController(RemoteService remote, Supplier<String> token, int appsPerRequest) {
    this.remote = remote;
    this.token = token;
    this.appsPerRequest = appsPerRequest;
  }

  /** What is done with each thing that was found. */
  private interface Reading {
    void read(JsonNode resource) throws MalformedException;
  }

  /**
   * Returns the spaces of applications; those that it does not know are left out.
   *
   * @param apps the GUIDs of the applications
   */
  public Map<String, String> spacesOf(Collection<String> apps) {
    String own = apps.isEmpty() ? "" : token.get();
    Map<String, String> spaces = new HashMap<>();
    for (List<String> some : Iterables.partition(new HashSet<>(apps), appsPerRequest)) {
      each(
          "/v3/apps?guids=" + encoded(String.join(",", some)),
          own,
          app -> spaces.put(JsonBody.text(app, "guid"), relatedSpace(app)));
    }
    return spaces;
  }

  /** Returns the spaces in which somebody is a developer. */
  public Set<String> spacesOfDeveloper(String user) {
    Set<String> spaces = new HashSet<>();
    each(
        "/v3/roles?types=space_developer&user_guids=" + encoded(user),
        token.get(),
        role -> spaces.add(relatedSpace(role)));
    return spaces;
  }

  private static String relatedSpace(JsonNode resource) throws MalformedException {
    String space = JsonBody.text(resource.path("relationships").path("space").path("data"), "guid");
    if (space.isEmpty()) {
      throw new MalformedException("relationships.space.data.guid: is missing");
    }
    return space;
  }

  /**
   * Returns all security groups.
   *
   * @param afterPage is run after each page
   */
  public List<BoundSecurityGroup> securityGroups(Runnable afterPage) {
    String own = token.get();
    List<BoundSecurityGroup> groups = new ArrayList<>();
    boolean more = true;
    for (int page = 1; more; page++) {
      more =
          page(
              "/v3/security_groups", own, page, group -> groups.add(SecurityGroupJson.read(group)));
      afterPage.run();
    }
    return groups;
  }

  private void each(String path, String own, Reading reading) {
    int page = 1;
    while (page(path, own, page, reading)) {
      page++;
    }
  }

  /** Reads a page. Returns whether there is another one. */
  private boolean page(String base, String own, int page, Reading reading) {
    String path =
        base + (base.indexOf('?') < 0 ? '?' : '&') + "per_page=" + PER_PAGE + "&page=" + page;
    byte[] body =
        RemoteService.ok(remote.get(path, Map.of("Authorization", "bearer " + own))).body();
    try {
      JsonNode document = JsonBody.read(body);
      for (JsonNode resource : JsonBody.array(document, "resources")) {
        reading.read(resource);
      }
      return document.path("pagination").hasNonNull("next");
    } catch (MalformedException e) {
      throw remote.nonsense(path, "list of Cloud Controller", e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
