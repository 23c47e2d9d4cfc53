package io.dualstack.spi.aws;

import io.dualstack.ProviderException;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.servicequotas.ServiceQuotasClient;
import software.amazon.awssdk.services.servicequotas.model.NoSuchResourceException;
import software.amazon.awssdk.services.servicequotas.model.ServiceQuota;

/**
 * How many network interfaces the account may have, which EC2's own API doesn't tell. It is asked
 * of Service Quotas, and the client lives as long as the question. By its name the quota is one of
 * the region; AWS <a
 * href="https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html">enforces it in
 * each availability zone</a>.
 */
final class InterfaceQuota {
  /** The quota <q>Network interfaces per Region</q>. */
  static final String SERVICE = "vpc";

  static final String CODE = "L-DF5E4CA3";

  /** For each call with all its tries. Who has no way to the service shall not wait long. */
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final AwsSettings settings;

  InterfaceQuota(AwsSettings settings) {
    this.settings = settings;
  }

  /**
   * Asks for it.
   *
   * @return how many there may be in an availability zone; empty where nobody is asked, since EC2's
   *     endpoint is one of the user's own
   * @throws ProviderException if Service Quotas can't be reached, refuses, or doesn't know
   */
  OptionalLong most() {
    if (settings.endpoint() != null && settings.quotasEndpoint() == null) {
      return OptionalLong.empty();
    }
    try (ServiceQuotasClient client =
        new Sdk(settings).build(ServiceQuotasClient.builder(), settings.quotasEndpoint())) {
      return OptionalLong.of(value(ask(client)));
    } catch (SdkException failure) {
      throw AwsFailures.of("Service Quotas", "quotas_endpoint", failure);
    }
  }

  /** Who never had it changed may have no value of their own. */
  private static @Nullable ServiceQuota ask(ServiceQuotasClient client) {
    try {
      return client
          .getServiceQuota(
              get ->
                  get.serviceCode(SERVICE)
                      .quotaCode(CODE)
                      .overrideConfiguration(InterfaceQuota::limit))
          .quota();
    } catch (NoSuchResourceException unchanged) {
      return client
          .getAWSDefaultServiceQuota(
              get ->
                  get.serviceCode(SERVICE)
                      .quotaCode(CODE)
                      .overrideConfiguration(InterfaceQuota::limit))
          .quota();
    }
  }

  private static void limit(AwsRequestOverrideConfiguration.Builder call) {
    call.apiCallTimeout(LIMIT);
  }

  private static long value(@Nullable ServiceQuota quota) {
    if (quota == null || quota.value() == null) {
      throw AwsFailures.unavailable(
          "Service Quotas has no value of %s %s; ask again later".formatted(SERVICE, CODE));
    }
    return quota.value().longValue();
  }
}
