package io.dualstack.testkit.contract;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.ChangeSet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * Changes on so few addresses, owners and networks that they meet all the time. What they replace
 * and remove is chosen only when it is known what is held, so that most of them can be done.
 */
final class StoreWishes {
  static final AddressSpace SPACE = OpenStore.SPACE;
  static final List<AddressSpace> SPACES = List.of(SPACE, OpenStore.OTHER_SPACE);
  static final List<OwnerScope> SCOPES =
      List.of(OwnerScope.ALL, OwnerScope.below("cf"), OwnerScope.below("cf/cell"));

  private static final IpPrefix IPV4 = IpPrefix.parse("10.0.0.248/29");
  private static final IpPrefix IPV6 = IpPrefix.parse("2001:db8::ffff:ffff:ffff:fff8/125");

  static final List<IpAddress> ADDRESSES =
      List.of(IPV4.first(), IPV4.last(), IPV6.first(), IPV6.nth(128, 3).first(), IPV6.last());

  private StoreWishes() {}

  private enum Verb {
    ADD,
    REPLACE,
    REMOVE,
    PUT,
    DROP,
    EXPECT
  }

  /** That a step is about nothing that is held. */
  private static final int NOTHING = -1;

  /** That a step is about a block that is held, but takes it for another owner's or state. */
  private static final int MISTAKEN = -2;

  /** A step: what it writes, and which of what is held it is about. */
  record Wish(Verb verb, AllocatedBlock record, int choice, String key, @Nullable String text) {

    private AllocatedBlock chosenFrom(List<AllocatedBlock> known) {
      if (known.isEmpty() || choice == NOTHING) {
        return record;
      }
      return choice == MISTAKEN
          ? at(known.get(known.size() - 1).block(), record)
          : known.get(choice % known.size());
    }

    private Change about(List<AllocatedBlock> known) {
      AllocatedBlock held = chosenFrom(known);
      return switch (verb) {
        case ADD -> new Change.Add(active(record));
        case REPLACE -> new Change.Replace(held, at(held.block(), record));
        case REMOVE -> new Change.Remove(held);
        case PUT -> new Change.PutDocument(key, text == null ? "" : text);
        case DROP -> new Change.RemoveDocument(key);
        case EXPECT -> new Change.ExpectDocument(key, text);
      };
    }
  }

  /** A set whose steps are not chosen yet. */
  record WishedSet(AddressSpace space, Instant at, List<Wish> wishes) {

    private ChangeSet about(List<AllocatedBlock> known) {
      List<Change> changes = new ArrayList<>();
      for (Wish wish : wishes) {
        Change change = wish.about(known);
        changes.add(change);
        if (change instanceof Change.Add add) {
          known.add(add.block());
        } else if (change instanceof Change.Replace replace) {
          known.remove(replace.before());
          known.add(replace.after());
        }
      }
      return new ChangeSet(space, at, changes);
    }
  }

  /** Makes lists of sets, as they are given to a store one after the other. */
  static Arbitrary<List<List<WishedSet>>> histories() {
    Arbitrary<AddressSpace> spaces =
        Arbitraries.frequency(Tuple.of(5, SPACE), Tuple.of(1, OpenStore.OTHER_SPACE));
    Arbitrary<Instant> times =
        Arbitraries.longs().between(0, 5_000).map(OpenStore.NOON::plusMillis);
    Arbitrary<List<Wish>> steps = wishes().list().ofMaxSize(4);
    return Combinators.combine(spaces, times, steps)
        .as(WishedSet::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .list()
        .ofMinSize(1)
        .ofMaxSize(8);
  }

  /** Chooses what sets are about. */
  static List<ChangeSet> about(StoreModel model, List<WishedSet> wished) {
    List<ChangeSet> sets = new ArrayList<>();
    List<AllocatedBlock> known = new ArrayList<>();
    SPACES.forEach(space -> known.addAll(model.blocks(space)));
    for (WishedSet each : wished) {
      sets.add(each.about(known));
    }
    return sets;
  }

  private static Arbitrary<Wish> wishes() {
    Arbitrary<Verb> verbs =
        Arbitraries.frequency(
            Tuple.of(4, Verb.ADD),
            Tuple.of(2, Verb.REPLACE),
            Tuple.of(2, Verb.REMOVE),
            Tuple.of(1, Verb.PUT),
            Tuple.of(1, Verb.DROP),
            Tuple.of(1, Verb.EXPECT));
    Arbitrary<@Nullable String> texts = Arbitraries.of("[]", "{}").injectNull(0.2);
    return Combinators.combine(
            verbs,
            records(),
            Arbitraries.integers().between(MISTAKEN, 9),
            Arbitraries.of("networks", "leaks", "leaks/1"),
            texts)
        .as(Wish::new);
  }

  private static Arbitrary<AllocatedBlock> records() {
    Arbitrary<IpPrefix> blocks =
        Combinators.combine(
                Arbitraries.of(IPV4, IPV6),
                Arbitraries.integers().between(0, 3),
                Arbitraries.integers().between(0, 7))
            .as((pool, more, index) -> pool.nth(pool.length() + more, index % (1 << more)));
    Arbitrary<Owner> owners =
        Arbitraries.of("cf/cell/0", "cf/cell/1", "cf-dev/cell/0").map(Owner::new);
    Arbitrary<AllocationKind> kinds =
        Arbitraries.frequency(
            Tuple.of(3, AllocationKind.DYNAMIC), Tuple.of(1, AllocationKind.EXTERNAL));
    return Combinators.combine(
            blocks, owners, Arbitraries.of("a", "b"), kinds, Arbitraries.of(BlockState.class))
        .as(StoreWishes::held);
  }

  private static AllocatedBlock held(
      IpPrefix block, Owner owner, String network, AllocationKind kind, BlockState state) {
    AllocatedBlock active =
        AllocatedBlock.active(block, owner, "vm", network, null, kind, OpenStore.NOON);
    return switch (state) {
      case ACTIVE -> active;
      case OBSOLETE -> active.obsolete();
      case QUARANTINED -> active.quarantined(OpenStore.NOON.plusSeconds(9));
    };
  }

  private static AllocatedBlock active(AllocatedBlock record) {
    return record.relabelled(record.incarnation(), record.network(), record.zone(), record.kind());
  }

  private static AllocatedBlock at(IpPrefix block, AllocatedBlock record) {
    return held(block, record.owner(), record.network(), record.kind(), record.state());
  }
}
