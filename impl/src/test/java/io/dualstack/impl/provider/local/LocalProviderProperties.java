package io.dualstack.impl.provider.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.dualstack.ProviderException.Reason;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.provider.AttachOutcome;
import io.dualstack.provider.AttachOutcome.Attached;
import io.dualstack.provider.AttachOutcome.Failed;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderSession;
import io.dualstack.testkit.provider.InMemoryProviderContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** The provider beside the plainest model of it: a map of owners to blocks, searched one by one. */
class LocalProviderProperties {
  private static final String NETWORK = "pods";
  private static final Subnet SUBNET =
      Subnet.of(IpPrefix.parse("10.0.0.0/26"))
          .prefixLength(30)
          .gateway(IpPrefix.parse("10.0.0.17/32").first())
          .statics(IpSet.of(IpRange.parse("10.0.0.40-10.0.0.47")))
          .build();

  private enum Verb {
    NAME,
    PICK,
    DETACH,
    RESTART
  }

  private record Step(Verb verb, int machine, int length, int index) {}

  @Provide
  Arbitrary<Step> steps() {
    return Combinators.combine(
            Arbitraries.of(Verb.NAME, Verb.PICK, Verb.PICK, Verb.PICK, Verb.DETACH, Verb.RESTART),
            Arbitraries.integers().between(0, 9),
            Arbitraries.integers().between(28, 31),
            Arbitraries.integers().between(0, 31))
        .as(Step::new);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void does_what_the_model_does(@ForAll @Size(max = 40) List<@From("steps") Step> steps) {
    InMemoryProviderContext context =
        new InMemoryProviderContext().define(NetworkSet.of(new Manual(NETWORK, List.of(SUBNET))));
    LocalProvider provider = new LocalProvider();
    ProviderSession session = provider.open(context);
    TreeMap<Owner, IpPrefix> model = new TreeMap<>();
    for (Step step : steps) {
      Owner owner = new Owner("cf/cell/" + step.machine());
      switch (step.verb()) {
        case NAME -> {
          IpPrefix block = SUBNET.range().nth(step.length(), step.index() % blocks(step.length()));
          check(session, owner, NicBlock.chosen(NETWORK, block), model, Optional.of(block));
        }
        case PICK -> {
          IpPrefix had = model.get(owner);
          Optional<IpPrefix> expected =
              had != null && had.length() == step.length()
                  ? Optional.of(had)
                  : lowestFree(step.length(), model);
          NicBlock open = NicBlock.toBeChosen(NETWORK, IpFamily.IPV4, step.length());
          check(session, owner, open, model, expected);
        }
        case DETACH -> {
          session.detach(session.attached(OwnerScope.below(owner.id())));
          model.remove(owner);
        }
        case RESTART -> {
          session.close();
          session = provider.open(context);
        }
      }
      assertThat(session.attached(OwnerScope.ALL))
          .extracting(AttachedNic::owner, nic -> nic.blocks().get(0).block())
          .containsExactlyElementsOf(
              model.entrySet().stream()
                  .map(held -> tuple(held.getKey(), held.getValue()))
                  .toList());
    }
  }

  private static void check(
      ProviderSession session,
      Owner owner,
      NicBlock wanted,
      Map<Owner, IpPrefix> model,
      Optional<IpPrefix> expected) {
    boolean free =
        expected.isPresent()
            && model.entrySet().stream()
                .noneMatch(
                    held ->
                        !held.getKey().equals(owner) && held.getValue().overlaps(expected.get()));
    AttachOutcome outcome =
        session
            .attach(List.of(new NicRequest(owner, "1", "0", null, List.of(wanted), Map.of())))
            .get(0);
    if (free) {
      IpPrefix before = model.put(owner, expected.get());
      assertThat(outcome).isInstanceOf(Attached.class);
      Attached attached = (Attached) outcome;
      assertThat(attached.nic().blocks()).containsExactly(NicBlock.chosen(NETWORK, expected.get()));
      assertThat(attached.changed()).isEqualTo(!expected.get().equals(before));
    } else {
      assertThat(outcome).isInstanceOf(Failed.class);
      assertThat(((Failed) outcome).failure().reason())
          .isEqualTo(expected.isEmpty() ? Reason.EXHAUSTED : Reason.CONFLICT);
    }
  }

  private static int blocks(int length) {
    return 1 << (length - SUBNET.range().length());
  }

  private static Optional<IpPrefix> lowestFree(int length, Map<Owner, IpPrefix> model) {
    for (int i = 0; i < blocks(length); i++) {
      IpPrefix block = SUBNET.range().nth(length, i);
      if (!SUBNET.restricted().overlaps(block)
          && !SUBNET.statics().overlaps(block)
          && model.values().stream().noneMatch(block::overlaps)) {
        return Optional.of(block);
      }
    }
    return Optional.empty();
  }
}
