package io.dualstack.impl.policy.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.StoreUnavailableException;
import io.dualstack.impl.store.CuttingProxy;
import io.dualstack.impl.store.CuttingProxy.Cut;
import io.dualstack.impl.store.SharedServer;
import io.dualstack.policy.NetworkPolicy;
import io.dualstack.policy.PolicyFilter;
import io.dualstack.policy.PolicyGroup;
import io.dualstack.policy.PolicyStore;
import io.dualstack.policy.PolicyStoreFactory;
import io.dualstack.policy.TaggedPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What callers are told when the connection is cut while a change is committed, and what is kept.
 */
public abstract class CutPolicyChanges {

  private static final NetworkPolicy POLICY = Policies.policy("a", "b");

  @TempDir private Path folder;
  private final SharedServer server;
  private final PolicyStoreFactory factory;
  private CuttingProxy proxy;
  private PolicyStore store;

  protected CutPolicyChanges(SharedServer server, PolicyStoreFactory factory) {
    this.server = server;
    this.factory = factory;
  }

  @BeforeEach
  void open() throws IOException {
    proxy = server.proxy();
    store = factory.open(server.through(proxy, server.locationOf(folder)), 2);
  }

  @AfterEach
  void close() {
    store.close();
    proxy.close();
  }

  private void create() {
    store.create(List.of(POLICY), 1);
  }

  private List<NetworkPolicy> policies() {
    return store.policies(PolicyFilter.ALL).stream().map(TaggedPolicy::policy).toList();
  }

  @Test
  void policies_that_the_server_never_heard_of_can_be_created_again() {
    proxy.cutNext(Cut.BEFORE_COMMIT);

    assertOutcomeUnknown(this::create);

    assertThat(policies()).isEmpty();
    create();
    assertThat(policies()).containsExactly(POLICY);
  }

  @Test
  void policies_whose_answer_was_lost_are_there_once_when_created_again() {
    proxy.cutNext(Cut.BEFORE_ANSWER);

    assertOutcomeUnknown(this::create);

    assertThat(policies()).containsExactly(POLICY);
    create();
    assertThat(policies()).containsExactly(POLICY);
  }

  @ParameterizedTest
  @EnumSource
  void who_asks_for_a_tag_again_after_a_cut_gets_the_only_one(Cut where) {
    proxy.cutNext(where);

    assertOutcomeUnknown(() -> store.tag("INGRESS_ROUTER", "router"));

    PolicyGroup router = store.tag("INGRESS_ROUTER", "router");
    assertThat(router.tag().number()).isEqualTo(1);
    assertThat(store.groups()).containsExactly(router);
  }

  private void assertOutcomeUnknown(ThrowingCallable change) {
    assertThatThrownBy(change)
        .isInstanceOfSatisfying(
            StoreUnavailableException.class, failure -> assertThat(failure.retryable()).isTrue())
        .hasMessageStartingWith(store.location())
        .hasMessageContaining("is now there as a whole or not at all; ask again");
    assertThat(proxy.isArmed()).isFalse();
  }
}
