package io.dualstack.spi.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenResponse;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.retries.api.RetryToken;
import software.amazon.awssdk.retries.api.TokenAcquisitionFailedException;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

class SdkTest {
  private static final Ec2Exception THROTTLED = failure("RequestLimitExceeded", 503);
  private static final Ec2Exception BROKEN = failure("InternalError", 500);

  private static Ec2Exception failure(String code, int status) {
    return (Ec2Exception)
        Ec2Exception.builder()
            .statusCode(status)
            .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
            .build();
  }

  /** The waits of a call that always fails the same way. */
  private static List<Duration> waits(Ec2Exception failure) {
    RetryStrategy retries =
        new Sdk(AwsSettings.of(Map.of("backoff_milliseconds", "1000", "attempts", "6"))).retries();
    List<Duration> waits = new ArrayList<>();
    RetryToken token =
        retries.acquireInitialToken(AcquireInitialTokenRequest.create("test")).token();
    while (true) {
      RefreshRetryTokenRequest request =
          RefreshRetryTokenRequest.builder().token(token).failure(failure).build();
      try {
        RefreshRetryTokenResponse next = retries.refreshRetryToken(request);
        waits.add(next.delay());
        token = next.token();
      } catch (TokenAcquisitionFailedException over) {
        return waits;
      }
    }
  }

  private static void assertGrowing(Ec2Exception failure, long first, long longest) {
    Set<Duration> seconds = new HashSet<>();
    boolean usesItsHalf = false;
    for (int run = 0; run < 40; run++) {
      List<Duration> waits = waits(failure);
      assertThat(waits).hasSize(5);
      for (int i = 0; i < waits.size(); i++) {
        long limit = Math.min(longest, first << i);
        assertThat(waits.get(i)).isBetween(Duration.ZERO, Duration.ofMillis(limit));
        usesItsHalf |= i == 4 && waits.get(i).toMillis() > limit / 2;
      }
      seconds.add(waits.get(1));
    }
    assertThat(usesItsHalf).as("the wait grows as far as it may").isTrue();
    assertThat(seconds).as("jitter").hasSizeGreaterThan(10);
  }

  @Test
  void a_call_that_fails_is_tried_again_after_waits_that_double_and_are_random() {
    assertGrowing(BROKEN, 1000, 20_000);
  }

  @Test
  void who_is_told_to_slow_down_waits_twice_as_long() {
    assertGrowing(THROTTLED, 2000, 40_000);
  }

  @Test
  void what_is_refused_is_not_tried_again() {
    assertThat(waits(failure("InvalidParameterValue", 400))).isEmpty();
  }

  @Test
  void attempts_of_one_are_no_retries() {
    RetryStrategy retries = new Sdk(AwsSettings.of(Map.of("attempts", "1"))).retries();
    RetryToken token =
        retries.acquireInitialToken(AcquireInitialTokenRequest.create("test")).token();

    assertThatThrownBy(
            () ->
                retries.refreshRetryToken(
                    RefreshRetryTokenRequest.builder().token(token).failure(BROKEN).build()))
        .isInstanceOf(TokenAcquisitionFailedException.class);
  }
}
