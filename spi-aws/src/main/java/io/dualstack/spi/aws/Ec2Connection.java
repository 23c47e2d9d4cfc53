package io.dualstack.spi.aws;

import io.dualstack.ProviderException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ec2.Ec2Client;

/**
 * The way to EC2. Nothing is contacted before the first call, since the chains that find region and
 * credentials may ask the machine's metadata service. Thread-safe.
 */
final class Ec2Connection implements AutoCloseable {
  private final AwsSettings settings;
  private final Sdk sdk;
  private final Object lock = new Object();
  private @Nullable Ec2Client client;
  private boolean closed;

  Ec2Connection(AwsSettings settings) {
    this.settings = settings;
    sdk = new Sdk(settings);
  }

  /**
   * Calls EC2.
   *
   * @throws ProviderException if it can't be reached or refuses
   */
  <T> T call(Function<Ec2Client, T> call) {
    try {
      return call.apply(client());
    } catch (SdkException failure) {
      throw AwsFailures.of(failure);
    }
  }

  /** Returns a way to wait for what EC2 hasn't done yet, as long as settings allow. */
  Patience patience() {
    return new Patience(settings.timeout(), settings.backoff());
  }

  private Ec2Client client() {
    synchronized (lock) {
      if (closed) {
        throw new IllegalStateException("the connection to EC2 is closed; open another session");
      }
      if (client == null) {
        client = sdk.build(Ec2Client.builder(), settings.endpoint());
      }
      return client;
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      if (client != null) {
        client.close();
        client = null;
      }
    }
  }
}
