package io.dualstack.impl.policy.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import io.dualstack.impl.http.JsonBody;
import io.dualstack.impl.http.JsonBody.MalformedException;
import io.dualstack.impl.http.RemoteAnswer;
import io.dualstack.impl.http.RemoteService;
import io.dualstack.impl.policy.PolicyJson;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * UAA, which issued the tokens and verifies them: their signature, that they have not ended and are
 * not revoked. Nothing is kept, so that a token that is revoked is refused at once.
 */
public final class Uaa implements TokenVerifier {

  private static final Set<Integer> REFUSED = Set.of(400, 401, 403);

  private final RemoteService remote;
  private final String credentials;

  /**
   * Names the server; nothing is contacted yet.
   *
   * @param client the name of this service's client there
   * @param secret the client's secret
   */
  public Uaa(RemoteService remote, String client, String secret) {
    this.remote = remote;
    this.credentials =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((client + ":" + secret).getBytes(StandardCharsets.UTF_8));
  }

  private RemoteAnswer post(String path, String form) {
    return remote.post(
        path,
        Map.of(
            "Authorization", credentials,
            "Content-Type", "application/x-www-form-urlencoded",
            "Accept", "application/json"),
        form.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Optional<Caller> verify(String token) {
    String path = "/check_token";
    RemoteAnswer answer = post(path, "token=" + URLEncoder.encode(token, StandardCharsets.UTF_8));
    if (REFUSED.contains(answer.status())) {
      return Optional.empty();
    }
    try {
      JsonNode claims = JsonBody.read(RemoteService.ok(answer).body());
      String subject = JsonBody.text(claims, "sub");
      return Optional.of(
          new Caller(
              subject.isEmpty() ? JsonBody.text(claims, "user_id") : subject,
              JsonBody.text(claims, "user_name"),
              Set.copyOf(PolicyJson.readTexts(claims.path("scope")))));
    } catch (MalformedException e) {
      throw remote.nonsense(path, "token", e);
    }
  }

  /**
   * Returns a token for this service itself.
   *
   * @throws io.dualstack.StoreUnavailableException if there is none
   */
  public String ownToken() {
    String path = "/oauth/token";
    RemoteAnswer answer = post(path, "grant_type=client_credentials&response_type=token");
    try {
      String token = JsonBody.text(JsonBody.read(RemoteService.ok(answer).body()), "access_token");
      if (token.isEmpty()) {
        throw new MalformedException("access_token: is missing");
      }
      return token;
    } catch (MalformedException e) {
      throw remote.nonsense(path, "token", e);
    }
  }
}
