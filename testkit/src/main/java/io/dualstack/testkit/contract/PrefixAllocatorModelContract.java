package io.dualstack.testkit.contract;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.PoolExhaustedException;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationRequest;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.allocation.ReleaseOutcome;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.testkit.TestClock;
import java.math.BigInteger;
import java.time.Clock;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Drives an allocator and a model side by side: random sequences of allocations of mixed lengths,
 * releases and restarts in a subnet of 256 addresses, each compared with a search that looks at
 * every address. Extend it, say how to make an allocator, and name the class so that it is run.
 */
public abstract class PrefixAllocatorModelContract {

  private static final int ADDRESSES = 256;
  private static final String NETWORK = "model";

  /** Creates the suite. */
  protected PrefixAllocatorModelContract() {}

  /** One store, and the allocators over it. */
  protected interface Fixture extends AutoCloseable {

    /**
     * Returns an allocator over the store.
     *
     * @param options how the allocator behaves
     * @param time the clock it reads
     * @return an allocator that knows nothing but what the store tells it
     */
    PrefixAllocator allocator(AllocatorOptions options, Clock time);

    /** Removes the store. */
    @Override
    void close();
  }

  /**
   * Makes an empty store; called for every sequence.
   *
   * @return the store
   */
  protected abstract Fixture emptyStore();

  /**
   * One step of a sequence.
   *
   * @param kind what to do: 0 to 5 allocate, 6 to 8 release, 9 restart
   * @param length the prefix length to allocate, as bits below the subnet's
   * @param victim which of the live owners to release
   */
  record Operation(int kind, int length, int victim) {}

  @Provide
  Arbitrary<List<Operation>> operations() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 9),
            Arbitraries.integers().between(1, 8),
            Arbitraries.integers().between(0, 1000))
        .as(Operation::new)
        .list()
        .ofMaxSize(60);
  }

  @Provide
  Arbitrary<List<IpRange>> reservations() {
    return Combinators.combine(
            Arbitraries.integers().between(0, ADDRESSES - 1), Arbitraries.integers().between(0, 40))
        .as((first, size) -> new int[] {first, Math.min(first + size, ADDRESSES - 1)})
        .map(ends -> IpRange.of(address(IpFamily.IPV6, ends[0]), address(IpFamily.IPV6, ends[1])))
        .list()
        .ofMaxSize(4);
  }

  /**
   * The allocator chooses what the model chooses, and never hands out an address twice.
   *
   * @param operations the sequence
   * @param reserved the subnet's reserved ranges, as of IPv6
   * @param family the family of the subnet
   */
  @Property(tries = 100)
  public void chooses_what_a_search_of_every_address_chooses(
      @ForAll("operations") List<Operation> operations,
      @ForAll("reservations") List<IpRange> reserved,
      @ForAll IpFamily family) {
    IpSet restricted =
        IpSet.of(
            reserved.stream()
                .map(
                    range ->
                        IpRange.of(
                            address(family, offset(range.first())),
                            address(family, offset(range.last()))))
                .toList());
    Model model = new Model(family, restricted);
    try (Fixture store = emptyStore()) {
      run(operations, restricted, model, store);
    }
  }

  private static void run(
      List<Operation> operations, IpSet restricted, Model model, Fixture store) {
    TestClock clock = TestClock.atNoon();
    PrefixAllocator allocator = store.allocator(AllocatorOptions.DEFAULT, clock);
    allocator.define(
        NetworkSet.of(
            new NetworkDefinition.Manual(
                NETWORK, List.of(Subnet.of(model.range).reserved(restricted).build()))));
    int owners = 0;

    for (Operation operation : operations) {
      if (operation.kind() <= 5) {
        String owner = "owner/" + owners++;
        int length = model.range.length() + operation.length();
        assertThat(allocate(allocator, owner, length)).isEqualTo(model.allocate(owner, length));
      } else if (operation.kind() <= 8 && !model.held.isEmpty()) {
        List<String> live = new ArrayList<>(model.held.keySet());
        String victim = live.get(operation.victim() % live.size());
        model.release(victim);
        assertThat(allocator.release(new Owner(victim)))
            .isInstanceOf(ReleaseOutcome.Released.class);
      } else if (operation.kind() == 9) {
        allocator = store.allocator(AllocatorOptions.DEFAULT, clock);
      }
    }

    assertThat(allocator.blocks(OwnerScope.ALL).stream().map(AllocatedBlock::block))
        .containsExactlyElementsOf(model.held.values().stream().sorted().toList());
    assertThat(allocator.utilization().get(0).available())
        .isEqualTo(BigInteger.valueOf(model.free()));
  }

  private static Optional<IpPrefix> allocate(PrefixAllocator allocator, String owner, int length) {
    try {
      return Optional.of(
          allocator
              .allocate(AllocationRequest.forOwner(owner).from(NETWORK, length).build())
              .blocks()
              .get(0)
              .block());
    } catch (PoolExhaustedException e) {
      return Optional.empty();
    }
  }

  private static IpAddress address(IpFamily family, int offset) {
    IpAddress base = IpAddress.parse(family == IpFamily.IPV4 ? "192.0.2.0" : "2001:db8::ff00");
    return base.plus(offset);
  }

  private static int offset(IpAddress address) {
    return (int) (address.low() & 0xff);
  }

  /** Looks at every address. */
  private static final class Model {
    final IpPrefix range;
    final TreeMap<String, IpPrefix> held = new TreeMap<>();
    private final BitSet used = new BitSet(ADDRESSES);

    Model(IpFamily family, IpSet reserved) {
      range = IpPrefix.of(address(family, 0), family.bits() - 8);
      used.set(0);
      used.set(ADDRESSES - 1);
      for (int i = 0; i < ADDRESSES; i++) {
        if (reserved.contains(address(family, i))) {
          used.set(i);
        }
      }
    }

    Optional<IpPrefix> allocate(String owner, int length) {
      int size = 1 << (range.family().bits() - length);
      for (int start = 0; start < ADDRESSES; start += size) {
        if (used.get(start, start + size).isEmpty()) {
          used.set(start, start + size);
          IpPrefix block = IpPrefix.of(range.first().plus(start), length);
          held.put(owner, block);
          return Optional.of(block);
        }
      }
      return Optional.empty();
    }

    void release(String owner) {
      IpPrefix block = requireNonNull(held.remove(owner));
      int start = offset(block.first());
      used.clear(start, start + (1 << (range.family().bits() - block.length())));
    }

    int free() {
      return ADDRESSES - used.cardinality();
    }
  }
}
