package io.dualstack.spi.aws;

import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What error codes mean: those of EC2 (<a
 * href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html">error codes
 * for the Amazon EC2 API</a>), and those that other services of AWS share (<a
 * href="https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/CommonErrors.html">common
 * errors</a>).
 */
final class AwsFailures {
  static final String INTERFACE_NOT_FOUND = "InvalidNetworkInterfaceID.NotFound";
  static final String INTERFACE_IN_USE = "InvalidNetworkInterface.InUse";
  static final String INVALID_VALUE = "InvalidParameterValue";

  private static final int SERVER_ERROR = 500;

  private static final Set<String> CONFLICTS =
      Set.of(
          "InvalidIPAddress.InUse",
          "InvalidIPAddressInUse",
          "InvalidPrivateIpAddress.InUse",
          "PrivateIpAddressInUse",
          INTERFACE_IN_USE);

  private static final Map<String, String> EXHAUSTED =
      Map.of(
          "InsufficientFreeAddressesInSubnet",
          "free addresses in the subnet or use another",
          "InsufficientCidrBlocks",
          "free a whole block in the subnet, reserve a part of it for prefixes, or use another",
          "PrivateIpAddressLimitExceeded",
          "put less on one NIC",
          "Ipv6AddressLimitExceeded",
          "put less on one NIC",
          "NetworkInterfaceLimitExceeded",
          "remove network interfaces or have the quota of the region raised",
          "ResourceLimitExceeded",
          "free some or have the quota raised",
          "ResourceCountExceeded",
          "free some or have the quota raised");

  private static final Set<String> UNAVAILABLE =
      Set.of(
          "RequestLimitExceeded",
          "Throttling",
          "ThrottlingException",
          "TooManyRequestsException",
          "EC2ThrottledException",
          "InternalError",
          "InternalFailure",
          "ServiceUnavailable",
          "Unavailable",
          "ConcurrentTagAccess",
          "IncorrectState",
          // It was removed by somebody else, or the request is not what it was before a restart.
          INTERFACE_NOT_FOUND,
          "InvalidNetworkInterface.NotFound",
          "InvalidAttachmentID.NotFound",
          "IdempotentParameterMismatch");

  private static final Map<String, String> NOT_CONFIGURED =
      Map.of(
          "AuthFailure",
          "check the credentials",
          "InvalidClientTokenId",
          "check the credentials",
          "SignatureDoesNotMatch",
          "check the credentials, and this machine's clock",
          "IncompleteSignature",
          "check the credentials",
          "MissingAuthenticationToken",
          "check the credentials",
          "UnrecognizedClientException",
          "check the credentials",
          "ExpiredToken",
          "get new temporary credentials",
          "RequestExpired",
          "get new temporary credentials, and check this machine's clock",
          "OptInRequired",
          "enable the region for the account, or use another");

  private AwsFailures() {}

  static ProviderException of(SdkException failure) {
    return of("EC2", "endpoint", failure);
  }

  /**
   * Returns what a failure means.
   *
   * @param service what was called, for people
   * @param endpoint the setting that says where it is
   */
  static ProviderException of(String service, String endpoint, SdkException failure) {
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof ProviderException told) {
        return told;
      }
    }
    if (failure instanceof AwsServiceException refused) {
      return ofAnswer(service, refused);
    }
    if (failure instanceof AbortedException) {
      Thread.currentThread().interrupt();
      return failure(Reason.UNAVAILABLE, true, "interrupted; ask again to finish it", failure);
    }
    return failure(
        Reason.UNAVAILABLE,
        true,
        "%s can't be reached: %s; check the setting \"%s\", the region and the network"
            .formatted(service, failure.getMessage(), endpoint),
        failure);
  }

  private static ProviderException ofAnswer(String service, AwsServiceException refused) {
    String code = code(refused);
    String told =
        "%s answered %s: %s (request %s)"
            .formatted(service, code, text(refused), String.valueOf(refused.requestId()));
    if (CONFLICTS.contains(code)) {
      return failure(Reason.CONFLICT, true, told, refused);
    }
    if (EXHAUSTED.containsKey(code)) {
      return failure(Reason.EXHAUSTED, true, told + "; " + EXHAUSTED.get(code), refused);
    }
    if (NOT_CONFIGURED.containsKey(code)) {
      return failure(Reason.NOT_CONFIGURED, false, told + "; " + NOT_CONFIGURED.get(code), refused);
    }
    if (code.equals("UnauthorizedOperation") || code.equals("AccessDeniedException")) {
      return failure(
          Reason.REFUSED, false, told + "; allow the action in the identity's policy", refused);
    }
    if (code.equals("UnsupportedOperation") || code.equals("Unsupported")) {
      return failure(Reason.NOT_SUPPORTED, false, told, refused);
    }
    return UNAVAILABLE.contains(code) || refused.statusCode() >= SERVER_ERROR
        ? failure(Reason.UNAVAILABLE, true, told + "; ask again later", refused)
        : failure(Reason.REFUSED, false, told, refused);
  }

  /** Returns whether EC2 answered with a code. */
  static boolean is(ProviderException failure, String code) {
    return failure.getCause() instanceof AwsServiceException refused && code(refused).equals(code);
  }

  private static String code(AwsServiceException refused) {
    return refused.awsErrorDetails() == null || refused.awsErrorDetails().errorCode() == null
        ? "HTTP " + refused.statusCode()
        : refused.awsErrorDetails().errorCode();
  }

  private static String text(AwsServiceException refused) {
    return refused.awsErrorDetails() == null || refused.awsErrorDetails().errorMessage() == null
        ? "without a message"
        : refused.awsErrorDetails().errorMessage();
  }

  static ProviderException refused(String message) {
    return new ProviderException(AwsNetworkProvider.NAME, Reason.REFUSED, false, message, null);
  }

  static ProviderException unavailable(String message) {
    return new ProviderException(AwsNetworkProvider.NAME, Reason.UNAVAILABLE, true, message, null);
  }

  private static ProviderException failure(
      Reason reason, boolean retryable, String message, SdkException cause) {
    return new ProviderException(AwsNetworkProvider.NAME, reason, retryable, message, cause);
  }
}
