package io.dualstack.testkit.contract;

import static io.dualstack.allocation.PrefixChooser.DIRECTOR;
import static io.dualstack.allocation.PrefixChooser.PROVIDER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dualstack.Diagnostic;
import io.dualstack.DualstackException;
import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.Severity;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.AttachOutcome;
import io.dualstack.provider.AttachOutcome.Attached;
import io.dualstack.provider.AttachOutcome.Failed;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.Capabilities;
import io.dualstack.provider.FamilyCapabilities;
import io.dualstack.provider.NetworkProvider;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderSession;
import io.dualstack.testkit.provider.InMemoryProviderContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A provider that is opened for each test, and the steps that tests of it are made of. */
abstract class OpenProvider {
  static final OwnerScope ALL = OwnerScope.ALL;

  NetworkProvider provider;
  InMemoryProviderContext context;
  ContractNetworks networks;
  ProviderSession session;

  @SuppressWarnings("NullAway.Init")
  OpenProvider() {}

  /**
   * Makes the provider under test, on an infrastructure where nothing is attached. Called once
   * before each test.
   *
   * @return the provider
   */
  protected abstract NetworkProvider provider();

  /**
   * Makes what the provider is opened with: its settings and its clock. Called once before each
   * test.
   *
   * @return the context; networks are defined in it by the suite
   */
  protected InMemoryProviderContext context() {
    return new InMemoryProviderContext();
  }

  /**
   * Returns how many machines are many: fewer where each call takes long.
   *
   * @return 2 or more; 12 unless overridden
   */
  protected int manyMachines() {
    return 12;
  }

  /**
   * Returns what a network of the suite carries as cloud properties.
   *
   * @param network the network's name
   * @return JSON-like values; none unless overridden
   */
  protected Map<String, Object> cloudProperties(String network) {
    return Map.of();
  }

  /**
   * Returns the range of the suite's networks in a family. A real infrastructure has its own, in
   * which nothing else is attached, and which has room for as much as the usual one.
   *
   * @param family the family
   * @param usual the range unless overridden, made for documentation and tests
   * @return the range
   */
  protected IpPrefix range(IpFamily family, IpPrefix usual) {
    return usual;
  }

  /**
   * Returns the networks of the suite, for a fake infrastructure to be set up with.
   *
   * @param capabilities what the provider under test can do
   * @return networks within the capabilities, prefixes picked by the director where it may
   */
  protected final NetworkSet networksFor(Capabilities capabilities) {
    return new ContractNetworks(capabilities, this::cloudProperties, this::range).all(DIRECTOR);
  }

  @BeforeEach
  void open_the_provider() {
    provider = provider();
    networks = new ContractNetworks(provider.capabilities(), this::cloudProperties, this::range);
    context = context().define(networks.all(DIRECTOR));
    session = provider.open(context);
  }

  @AfterEach
  void close_the_session() {
    if (session != null) {
      session.close();
    }
  }

  void reopen() {
    session.close();
    session = provider.open(context);
  }

  void leaveTheChoiceToTheProvider() {
    assumeTrue(!networks.prefixFamilies(PROVIDER).isEmpty(), "picks no prefixes");
    context.define(networks.all(PROVIDER));
  }

  // Steps

  List<NicRequest> machines(int count, IntFunction<List<NicBlock>> blocks) {
    return IntStream.range(0, count)
        .mapToObj(n -> networks.nic("cf/cell/" + n, blocks.apply(n)))
        .toList();
  }

  Attached attach(NicRequest request) {
    List<AttachOutcome> outcomes = session.attach(List.of(request));
    assertThat(outcomes).hasSize(1);
    return assertAttached(outcomes.get(0));
  }

  List<AttachedNic> attachAll(List<NicRequest> requests) {
    List<AttachOutcome> outcomes = session.attach(requests);
    assertThat(outcomes).hasSameSizeAs(requests);
    return outcomes.stream().map(outcome -> assertAttached(outcome).nic()).toList();
  }

  Attached assertAttached(AttachOutcome outcome) {
    if (outcome instanceof Failed failed) {
      throw new AssertionError(failed.request() + " was not attached", failed.failure());
    }
    return (Attached) outcome;
  }

  Failed fail(NicRequest request) {
    List<AttachOutcome> outcomes = session.attach(List.of(request));
    assertThat(outcomes).hasSize(1);
    assertThat(outcomes.get(0)).as("outcome of %s", request).isInstanceOf(Failed.class);
    ProviderException failure = ((Failed) outcomes.get(0)).failure();
    assertThat(failure.getMessage()).isNotBlank();
    return (Failed) outcomes.get(0);
  }

  static void assertDisjoint(List<AttachedNic> nics) {
    List<IpPrefix> blocks =
        nics.stream()
            .flatMap(nic -> nic.blocks().stream())
            .map(block -> block.chosenBlock().orElseThrow())
            .sorted()
            .toList();
    assertThat(blocks).isNotEmpty();
    for (int i = 1; i < blocks.size(); i++) {
      assertThat(blocks.get(i - 1).overlaps(blocks.get(i)))
          .as("%s and %s overlap", blocks.get(i - 1), blocks.get(i))
          .isFalse();
    }
  }

  void attachIgnoringFailure(List<NicRequest> requests) {
    try {
      assertThat(session.attach(requests)).hasSize(requests.size());
    } catch (DualstackException expected) {
      assertThat(expected).hasMessageNotContaining("null");
    }
  }

  List<Diagnostic> errors(NetworkSet set) {
    return session.verify(set).stream()
        .filter(finding -> finding.severity() == Severity.ERROR)
        .toList();
  }

  /** Blocks of which the last is what number 0 has, and the rest is free. */
  List<NicBlock> oneTaken() {
    List<NicBlock> blocks = networks.named(1);
    assumeTrue(blocks.size() > 1, "one block per NIC");
    blocks.set(blocks.size() - 1, networks.named(0).get(blocks.size() - 1));
    return blocks;
  }

  Optional<Integer> undeclaredLength(IpFamily family) {
    FamilyCapabilities inFamily = provider.capabilities().of(family).orElseThrow();
    return IntStream.range(networks.range(family).length() + 1, family.bits())
        .boxed()
        .filter(length -> !inFamily.prefixLengths().contains(length))
        .findFirst();
  }

  void assertUnsupported(NicRequest request) {
    Failed refused = fail(request);

    assertThat(refused.failure().reason()).isEqualTo(Reason.NOT_SUPPORTED);
    assertThat(refused.failure().retryable()).isFalse();
    assertThat(session.attached(ALL)).isEmpty();
  }

  void assertFound(Manual network) {
    assertThat(errors(NetworkSet.of(network)))
        .as("errors of network %s", network)
        .isNotEmpty()
        .allSatisfy(
            error -> {
              assertThat(error.path()).startsWith("networks." + network.name());
              assertThat(error.code()).isNotBlank();
              assertThat(error.message()).isNotBlank();
            });
  }
}
