package io.dualstack.provider;

import io.dualstack.allocation.NetworkSet;
import java.time.Clock;
import java.util.Map;

/** What the library gives to a provider when it opens it. */
public interface ProviderContext {

  /**
   * Returns the provider's settings as the user wrote them.
   *
   * @return an unmodifiable map
   */
  Map<String, String> settings();

  /**
   * Returns the provider's durable memory.
   *
   * @return the journal
   */
  ProviderJournal journal();

  /**
   * Returns the networks as they are defined now.
   *
   * @return the networks; different ones at different times
   */
  NetworkSet networks();

  /**
   * Returns the clock to read time from.
   *
   * @return the clock
   */
  Clock clock();
}
