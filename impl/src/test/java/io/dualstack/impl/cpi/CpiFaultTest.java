package io.dualstack.impl.cpi;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.StoreUnavailableException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Only a machine that may be had later may be asked for again, as directors know nothing else. */
class CpiFaultTest {
  private static ProviderException failure(Reason reason, boolean retryable) {
    return new ProviderException("aws", reason, retryable, "for a reason", null);
  }

  @ParameterizedTest
  @CsvSource({
    "CONFLICT,       true,  Bosh::Clouds::VMCreationFailed, true",
    "CONFLICT,       false, Bosh::Clouds::VMCreationFailed, false",
    "EXHAUSTED,      true,  Bosh::Clouds::VMCreationFailed, true",
    "EXHAUSTED,      false, Bosh::Clouds::VMCreationFailed, false",
    "UNAVAILABLE,    true,  Bosh::Clouds::VMCreationFailed, true",
    "UNAVAILABLE,    false, Bosh::Clouds::VMCreationFailed, false",
    "NOT_SUPPORTED,  false, Bosh::Clouds::NotSupported,     false",
    "NOT_CONFIGURED, false, Bosh::Clouds::CloudError,       false",
    "REFUSED,        false, Bosh::Clouds::CloudError,       false",
    "REFUSED,        true,  Bosh::Clouds::CloudError,       false"
  })
  void a_machine_that_can_not_be_made(
      Reason reason, boolean retryable, String type, boolean okToRetry) {
    CpiFault fault = CpiFault.whileCreating(failure(reason, retryable));

    assertThat(fault.kind().type()).isEqualTo(type);
    assertThat(fault.okToRetry()).isEqualTo(okToRetry);
    assertThat(fault.text()).isEqualTo("aws: for a reason");
  }

  @ParameterizedTest
  @CsvSource({
    "CONFLICT,      Bosh::Clouds::CloudError",
    "UNAVAILABLE,   Bosh::Clouds::CloudError",
    "NOT_SUPPORTED, Bosh::Clouds::NotSupported"
  })
  void whatever_else_fails_is_not_asked_for_again(Reason reason, String type) {
    CpiFault fault = CpiFault.of(failure(reason, true));

    assertThat(fault.kind().type()).isEqualTo(type);
    assertThat(fault.okToRetry()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_store_that_is_busy_may_be_asked_again(boolean retryable) {
    CpiFault fault =
        CpiFault.whileCreating(new StoreUnavailableException("is locked", retryable, null));

    assertThat(fault.kind().type()).isEqualTo("Bosh::Clouds::VMCreationFailed");
    assertThat(fault.okToRetry()).isEqualTo(retryable);
  }
}
