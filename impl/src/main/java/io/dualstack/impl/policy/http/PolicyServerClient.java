package io.dualstack.impl.policy.http;

import io.dualstack.impl.http.JsonBody.MalformedException;
import io.dualstack.impl.http.RemoteService;
import io.dualstack.policy.BoundSecurityGroup;
import io.dualstack.policy.PolicyGroup;
import io.dualstack.policy.SecurityGroupPage;
import io.dualstack.policy.TaggedPolicy;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Asks a policy server, ours or the original, over its internal API. Every method throws {@link
 * io.dualstack.StoreUnavailableException} when there is no answer, or one that makes no sense.
 * Thread-safe.
 */
public final class PolicyServerClient {

  private static final String BASE = "/networking/v1/internal/";
  private static final int GROUPS_PER_PAGE = 5_000;

  private final RemoteService remote;

  /** Names the server; nothing is contacted yet. */
  public PolicyServerClient(RemoteService remote) {
    this.remote = remote;
  }

  private interface Reading<T> {
    T read(byte[] body) throws MalformedException;
  }

  private <T> T get(String path, String what, Reading<T> reading) {
    return read(path, what, reading, RemoteService.ok(remote.get(path)).body());
  }

  private <T> T read(String path, String what, Reading<T> reading, byte[] body) {
    try {
      return reading.read(body);
    } catch (MalformedException | IllegalArgumentException e) {
      throw remote.nonsense(path, what, e);
    }
  }

  private static String joined(Collection<String> texts) {
    return URLEncoder.encode(String.join(",", texts), StandardCharsets.UTF_8);
  }

  /**
   * Returns the policies from or to applications, those whose destination is addresses included.
   *
   * @param apps the applications; none asks for all
   */
  public List<TaggedPolicy> policies(Collection<String> apps) {
    return get(
        BASE + "policies?egress=true" + (apps.isEmpty() ? "" : "&id=" + joined(apps)),
        "list of policies",
        PolicyDocument::readTagged);
  }

  /** Returns when policies changed last, in nanoseconds since the epoch. */
  public long lastUpdated() {
    return get(
        BASE + "policies_last_updated",
        "time",
        body -> Long.parseLong(new String(body, StandardCharsets.UTF_8).strip()));
  }

  /**
   * Returns the security groups for all spaces and those of some, page by page.
   *
   * @param spaces the GUIDs of the spaces
   */
  public List<BoundSecurityGroup> securityGroups(Collection<String> spaces) {
    List<BoundSecurityGroup> groups = new ArrayList<>();
    long from = 0;
    do {
      String path =
          BASE
              + "security_groups?limit=%d&from=%d".formatted(GROUPS_PER_PAGE, from)
              + (spaces.isEmpty() ? "" : "&space_guids=" + joined(spaces));
      SecurityGroupPage page = get(path, "page of security groups", SecurityGroupDocument::read);
      if (page.next() != 0 && page.next() <= from) {
        throw remote.nonsense(
            path,
            "page of security groups",
            new IllegalArgumentException("the next page, %d, is behind".formatted(page.next())));
      }
      groups.addAll(page.groups());
      from = page.next();
    } while (from != 0);
    return groups;
  }

  /** Returns the tag of something, which gets one if it has none. */
  public PolicyGroup tag(String id, String type) {
    String path = BASE + "tags";
    byte[] wish = TagDocument.write(new TagDocument.Wish(id, type));
    return read(
        path, "tag", TagDocument::read, RemoteService.ok(remote.put(path, Map.of(), wish)).body());
  }
}
