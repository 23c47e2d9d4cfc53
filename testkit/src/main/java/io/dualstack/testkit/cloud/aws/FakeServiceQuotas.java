package io.dualstack.testkit.cloud.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.testkit.cloud.FakeAnswer;
import io.dualstack.testkit.cloud.FakeRequest;
import io.dualstack.testkit.cloud.FakeServer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of AWS's Service Quotas that tells a quota, on the loopback interface: {@code
 * GetServiceQuota} and {@code GetAWSDefaultServiceQuota}. These are also the names that {@linkplain
 * #faults faults} go by. A quota that was never changed has a default value only, as some have it
 * there.
 */
public final class FakeServiceQuotas extends FakeServer {
  private static final String TARGET = "ServiceQuotasV20190624.";
  private static final String APPLIED = "GetServiceQuota";
  private static final String DEFAULT = "GetAWSDefaultServiceQuota";
  private static final int BAD_REQUEST = 400;

  private final JsonMapper mapper = new JsonMapper();
  private final Map<String, Double> applied = new HashMap<>();
  private final Map<String, Double> defaults = new HashMap<>();

  /** Starts to listen. There are no quotas. */
  public FakeServiceQuotas() {}

  /**
   * Sets the value that applies to the account.
   *
   * @param service the service's code, such as {@code vpc}
   * @param code the quota's code, such as {@code L-DF5E4CA3}
   * @param value its value
   * @return this
   */
  public synchronized FakeServiceQuotas quota(String service, String code, double value) {
    applied.put(service + "/" + code, value);
    return this;
  }

  /**
   * Sets the value that accounts have unless theirs was changed.
   *
   * @param service the service's code
   * @param code the quota's code
   * @param value its value
   * @return this
   */
  public synchronized FakeServiceQuotas defaultQuota(String service, String code, double value) {
    defaults.put(service + "/" + code, value);
    return this;
  }

  @Override
  protected String operation(FakeRequest request) {
    String target = request.header("X-Amz-Target").orElse("");
    return target.startsWith(TARGET) ? target.substring(TARGET.length()) : target;
  }

  @Override
  protected synchronized FakeAnswer answer(FakeRequest request) {
    if (request.header("Authorization").isEmpty()) {
      return refusal("MissingAuthenticationTokenException", "Missing Authentication Token");
    }
    String operation = operation(request);
    if (!operation.equals(APPLIED) && !operation.equals(DEFAULT)) {
      return refusal("UnknownOperationException", operation + " is none of this fake's");
    }
    JsonNode asked;
    try {
      asked = mapper.readTree(request.body());
    } catch (JsonProcessingException e) {
      return refusal("SerializationException", "The request is no JSON");
    }
    String service = asked.path("ServiceCode").asText();
    String code = asked.path("QuotaCode").asText();
    if (service.isEmpty() || code.isEmpty()) {
      return refusal("ValidationException", "ServiceCode and QuotaCode must not be null");
    }
    @Nullable Double value =
        (operation.equals(APPLIED) ? applied : defaults).get(service + "/" + code);
    if (value == null) {
      return refusal("NoSuchResourceException", "The request failed because it does not exist.");
    }
    ObjectNode answer = mapper.createObjectNode();
    answer
        .putObject("Quota")
        .put("ServiceCode", service)
        .put("QuotaCode", code)
        .put("Value", value.doubleValue())
        .put("Unit", "None")
        .put("Adjustable", true)
        .put("GlobalQuota", false);
    return FakeAnswer.json(200, answer.toString());
  }

  @Override
  protected FakeAnswer throttled(FakeRequest request) {
    return refusal("TooManyRequestsException", "Rate exceeded");
  }

  @Override
  protected FakeAnswer failed(FakeRequest request) {
    return error(500, "ServiceException", "Something went wrong");
  }

  /**
   * Returns an answer that refuses a request, to be used as a fault.
   *
   * @param code the exception's name
   * @param message the message
   * @return the answer
   */
  public FakeAnswer refusal(String code, String message) {
    return error(BAD_REQUEST, code, message);
  }

  private FakeAnswer error(int status, String code, String message) {
    return FakeAnswer.json(
        status, mapper.createObjectNode().put("__type", code).put("message", message).toString());
  }
}
