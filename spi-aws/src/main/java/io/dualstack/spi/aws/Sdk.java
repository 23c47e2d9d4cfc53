package io.dualstack.spi.aws;

import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.ProxyConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Makes clients of AWS's services, all in one way: region, credentials, proxies, retries. The
 * chains that find region and credentials may ask the machine's metadata service. Thread-safe.
 */
final class Sdk {
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(20);
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private final AwsSettings settings;

  Sdk(AwsSettings settings) {
    this.settings = settings;
  }

  /**
   * Makes a client.
   *
   * @param endpoint its URL in place of the region's own
   */
  <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C build(
      B builder, @Nullable URI endpoint) {
    builder
        .region(region())
        .credentialsProvider(credentials())
        .httpClientBuilder(
            UrlConnectionHttpClient.builder()
                .connectionTimeout(CONNECT)
                .socketTimeout(answer())
                .proxyConfiguration(
                    ProxyConfiguration.builder()
                        .useSystemPropertyValues(true)
                        .useEnvironmentVariablesValues(true)
                        .build()))
        .overrideConfiguration(
            configuration -> {
              configuration.retryStrategy(retries());
              if (settings.profile() != null) {
                configuration.defaultProfileName(settings.profile());
              }
            });
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    return builder.build();
  }

  /** How often a call is tried, and after how long. */
  RetryStrategy retries() {
    return AwsRetryStrategy.standardRetryStrategy().toBuilder()
        .maxAttempts(settings.attempts())
        .backoffStrategy(backoff(1))
        // Who is told to slow down, waits twice as long.
        .throttlingBackoffStrategy(backoff(2))
        .build();
  }

  private BackoffStrategy backoff(int times) {
    return BackoffStrategy.exponentialDelay(
        settings.backoff().multipliedBy(times), LONGEST_BACKOFF.multipliedBy(times));
  }

  /** A call need not be waited for longer than the NIC that it is for. */
  private Duration answer() {
    return settings.timeout().compareTo(ANSWER) < 0 ? settings.timeout() : ANSWER;
  }

  private Region region() {
    if (settings.region() != null) {
      return Region.of(settings.region());
    }
    try {
      DefaultAwsRegionProviderChain.Builder chain = DefaultAwsRegionProviderChain.builder();
      if (settings.profile() != null) {
        chain.profileName(settings.profile());
      }
      return chain.build().getRegion();
    } catch (SdkClientException missing) {
      throw notConfigured(
          "no region is known: give the setting \"region\", or the environment variable AWS_REGION",
          missing);
    }
  }

  /** Who names a profile wants its credentials, and not those that the environment has as well. */
  private AwsCredentialsProvider credentials() {
    if (settings.profile() != null) {
      ProfileCredentialsProvider named = ProfileCredentialsProvider.create(settings.profile());
      return new Credentials(named, named);
    }
    DefaultCredentialsProvider chain = DefaultCredentialsProvider.builder().build();
    return new Credentials(chain, chain);
  }

  /** Says what is missing when there are no credentials. */
  private record Credentials(AwsCredentialsProvider found, SdkAutoCloseable resources)
      implements AwsCredentialsProvider, SdkAutoCloseable {
    @Override
    public AwsCredentials resolveCredentials() {
      try {
        return found.resolveCredentials();
      } catch (SdkClientException missing) {
        throw notConfigured(
            "no credentials are found: give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile"
                + " of the shared configuration files, or a role to this machine",
            missing);
      }
    }

    @Override
    public void close() {
      resources.close();
    }
  }

  private static ProviderException notConfigured(String message, SdkClientException cause) {
    return new ProviderException(
        AwsNetworkProvider.NAME, Reason.NOT_CONFIGURED, false, message, cause);
  }
}
