package io.dualstack.impl.allocation.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.allocation.pool.Scenarios.Step;
import io.dualstack.impl.allocation.pool.Scenarios.Story;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FreeSpaceProperties {
  @Property(tries = 600, edgeCases = EdgeCasesMode.NONE)
  void equals_a_list_of_intervals_after_every_step(@ForAll("stories") Story story) {
    FreeSpace space = FreeSpace.of(story.range());
    IntervalSpace model = new IntervalSpace(story.range());

    for (Step step : story.steps()) {
      take(step, space, model);

      TreeInvariants.check(space);
      sameAnswers(space, model, step.block());
    }
    for (Step step : story.steps()) {
      sameAnswers(space, model, step.block());
    }
    sameContent(space, model);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void a_walk_inside_a_block_shows_its_share(@ForAll("stories") Story story) {
    FreeSpace space = FreeSpace.of(story.range());
    IntervalSpace model = new IntervalSpace(story.range());
    story.steps().forEach(step -> take(step, space, model));

    for (Step step : story.steps()) {
      Blocks free = new Blocks(space);
      Blocks occupied = new Blocks(space);
      space.forEachFree(step.block(), free);
      space.forEachOccupied(step.block(), occupied);

      assertThat(free.seen).isEqualTo(inside(step.block(), model.freeBlocks()));
      assertThat(occupied.seen).isEqualTo(inside(step.block(), model.occupiedBlocks()));
    }
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void releasing_in_any_order_restores_space_and_structure(
      @ForAll("stories") Story story, @ForAll Random random) {
    FreeSpace space = FreeSpace.of(story.range());
    IntervalSpace model = new IntervalSpace(story.range());
    story.steps().forEach(step -> take(step, space, model));
    final int nodes = TreeInvariants.nodes(space);
    List<IpPrefix> taken = new ArrayList<>();

    for (int again = 0; again < 5; again++) {
      for (Step step : story.steps()) {
        space.allocateLowest(step.block().length()).ifPresent(taken::add);
      }
    }
    Collections.shuffle(taken, random);
    for (IpPrefix block : taken) {
      assertThat(space.free(block)).isTrue();
      assertThat(space.free(block)).isFalse();
      TreeInvariants.check(space);
    }

    sameContent(space, model);
    assertThat(TreeInvariants.nodes(space)).isEqualTo(nodes);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void a_copy_and_its_original_go_separate_ways(
      @ForAll("stories") Story story, @ForAll("stories") Story other) {
    int bits = story.range().family().bits();
    FreeSpace space = FreeSpace.of(story.range());
    IntervalSpace model = new IntervalSpace(story.range());
    story.steps().forEach(step -> take(step, space, model));

    FreeSpace copy = space.copy();
    other.steps().forEach(step -> copy.allocateLowest(Math.min(bits, step.block().length())));
    copy.freeRest(story.range());
    TreeInvariants.check(copy);
    TreeInvariants.check(space);
    sameContent(space, model);

    FreeSpace second = space.copy();
    space.occupyRest(story.range());
    TreeInvariants.check(second);
    sameContent(second, model);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void equal_sets_have_equal_trees_however_they_came_about(
      @ForAll("stories") Story story, @ForAll Random random) {
    FreeSpace space = FreeSpace.of(story.range());
    IntervalSpace model = new IntervalSpace(story.range());
    story.steps().forEach(step -> take(step, space, model));
    List<IpPrefix> occupied = model.occupiedBlocks();
    List<IpPrefix> free = model.freeBlocks();
    Collections.shuffle(occupied, random);
    Collections.shuffle(free, random);

    FreeSpace filled = FreeSpace.of(story.range());
    occupied.forEach(filled::occupy);
    FreeSpace emptied = FreeSpace.of(story.range());
    emptied.occupy(story.range());
    free.forEach(emptied::free);

    sameContent(filled, model);
    sameContent(emptied, model);
    assertThat(TreeInvariants.nodes(filled)).isEqualTo(TreeInvariants.nodes(space));
    assertThat(TreeInvariants.nodes(emptied)).isEqualTo(TreeInvariants.nodes(space));
  }

  private static void take(Step step, FreeSpace space, IntervalSpace model) {
    IpPrefix block = step.block();
    int length = block.length();
    switch (step.verb()) {
      case OCCUPY -> assertThat(space.occupy(block)).isEqualTo(model.occupy(block));
      case FREE -> assertThat(space.free(block)).isEqualTo(model.free(block));
      case ALLOCATE_LOWEST -> {
        Optional<IpPrefix> lowest = model.lowest(length);
        assertThat(space.allocateLowest(length)).isEqualTo(lowest);
        lowest.ifPresent(model::occupy);
      }
      case ALLOCATE_FROM -> {
        IpAddress start = block.first();
        Optional<IpPrefix> lowest = model.lowestAtOrAfter(start.toBigInteger(), length);
        BlockCursor at = new BlockCursor();
        boolean found = space.allocateLowestAtOrAfter(start.high(), start.low(), length, at);
        assertThat(found ? Optional.of(at.toPrefix()) : Optional.empty()).isEqualTo(lowest);
        lowest.ifPresent(model::occupy);
      }
      case OCCUPY_REST -> {
        assertThat(space.occupyRest(block)).isEqualTo(!model.isOccupied(block));
        inside(block, model.freeBlocks()).forEach(model::occupy);
      }
      case FREE_REST -> {
        assertThat(space.freeRest(block)).isEqualTo(!model.isFree(block));
        inside(block, model.occupiedBlocks()).forEach(model::free);
      }
    }
  }

  private static void sameAnswers(FreeSpace space, IntervalSpace model, IpPrefix block) {
    int length = block.length();
    assertThat(space.isFree(block)).isEqualTo(model.isFree(block));
    assertThat(space.isOccupied(block)).isEqualTo(model.isOccupied(block));
    assertThat(space.lowest(length)).isEqualTo(model.lowest(length));
    for (IpAddress start : List.of(block.first(), block.last())) {
      assertThat(space.lowestAtOrAfter(start, length))
          .isEqualTo(model.lowestAtOrAfter(start.toBigInteger(), length));
    }
    assertThat(space.freeBlocks(length)).isEqualTo(model.freeBlocks(length));
    assertThat(space.freeAddresses()).isEqualTo(model.freeAddresses());
  }

  private static void sameContent(FreeSpace space, IntervalSpace model) {
    SortedMap<Integer, BigInteger> byLength = model.freeByLength();
    assertThat(space.freeByLength()).isEqualTo(byLength);
    assertThat(space.largestFreeLength())
        .isEqualTo(byLength.isEmpty() ? Optional.empty() : Optional.of(byLength.firstKey()));
    Blocks free = new Blocks(space);
    Blocks occupied = new Blocks(space);
    space.forEachFree(free);
    space.forEachOccupied(occupied);
    assertThat(free.seen).isEqualTo(model.freeBlocks());
    assertThat(occupied.seen).isEqualTo(model.occupiedBlocks());
    for (int length = 0; length <= space.range().family().bits(); length++) {
      assertThat(space.lowest(length)).isEqualTo(model.lowest(length));
    }
  }

  /**
   * Returns what the block has of these blocks; prefixes overlap only by one containing the other.
   */
  private static List<IpPrefix> inside(IpPrefix block, List<IpPrefix> blocks) {
    return blocks.stream()
        .filter(block::overlaps)
        .map(other -> block.contains(other) ? other : block)
        .toList();
  }

  @Provide
  Arbitrary<Story> stories() {
    return Scenarios.stories(Scenarios.ranges());
  }

  private static final class Blocks implements BlockVisitor {
    final List<IpPrefix> seen = new ArrayList<>();
    private final IpPrefix range;

    Blocks(FreeSpace space) {
      this.range = space.range();
    }

    @Override
    public void visit(long high, long low, int length) {
      seen.add(IpPrefix.of(new IpAddress(range.family(), high, low), length));
    }
  }
}
