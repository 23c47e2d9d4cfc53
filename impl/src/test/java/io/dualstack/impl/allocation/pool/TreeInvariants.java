package io.dualstack.impl.allocation.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;

/** Checks everything that must hold inside a tree after each change. */
final class TreeInvariants {
  private final FreeTree tree;
  private final NodePool pool;
  private int nodes;
  private int slots;
  private BigInteger free = BigInteger.ZERO;

  private TreeInvariants(FreeTree tree) {
    this.tree = tree;
    this.pool = tree.pool;
  }

  static void check(FreeSpace space) {
    FreeTree tree = space.tree();
    TreeInvariants found = new TreeInvariants(tree);
    if (tree.root() >= 0) {
      found.visit(tree.root(), tree.width(), 0, 0);
      assertThat(tree.largestOrder()).isEqualTo(tree.orderAt(tree.root(), tree.width()));
    } else {
      boolean allFree = tree.root() == FreeTree.ALL_FREE;
      found.free = allFree ? space.range().size() : BigInteger.ZERO;
      assertThat(tree.largestOrder()).isEqualTo(allFree ? tree.width() : FreeTree.NOTHING);
    }
    assertThat(pool(space).live()).as("live nodes").isEqualTo(found.nodes);
    assertThat(pool(space).slotsMade())
        .as("slots made: used or released")
        .isEqualTo(found.slots + pool(space).slotsReleased());
    assertThat(space.freeAddresses()).as("free addresses").isEqualTo(found.free);
  }

  /** Returns how many nodes the structure has. */
  static int nodes(FreeSpace space) {
    return pool(space).live();
  }

  private static NodePool pool(FreeSpace space) {
    return space.tree().pool;
  }

  private void visit(int node, int region, long regionHigh, long regionLow) {
    nodes++;
    slots += pool.slotsOf(node);
    assertThat(pool.isReleased(node)).as("released but reachable").isFalse();
    int level = pool.level(node);
    int base = level * Bits.DIGIT;
    int span = base + Bits.DIGIT;
    long high = pool.high(node);
    long low = pool.low(node);
    long all = tree.children(level);
    long freeChildren = pool.free(node);
    long partial = pool.partial(node);
    int children = Long.bitCount(partial);

    assertThat(base).as("level inside region").isLessThan(region);
    assertThat((high ^ regionHigh) & ~Bits.onesHigh(region)).as("in its region").isZero();
    assertThat((low ^ regionLow) & ~Bits.onesLow(region)).as("in its region").isZero();
    assertThat(high & Bits.onesHigh(Math.min(span, 128))).as("aligned").isZero();
    assertThat(low & Bits.onesLow(span)).as("aligned").isZero();
    assertThat(freeChildren & partial).as("free and partial").isZero();
    assertThat((freeChildren | partial) & ~all).as("children that don't exist").isZero();
    assertThat(freeChildren).as("uniform node").isNotEqualTo(all);
    assertThat(freeChildren | partial).as("uniform node").isNotZero();
    for (boolean occupied : new boolean[] {true, false}) {
      if (tree.isChain(node, occupied)) {
        int child = pool.child(pool.firstSlot(node));
        boolean changesBelow =
            !tree.agrees(child, base, occupied) || tree.isChain(child, !occupied);
        assertThat(changesBelow).as("node needed").isTrue();
        assertThat(tree.agrees(node, region, occupied)).as("last of its kind").isTrue();
      }
    }
    assertThat(children).isLessThanOrEqualTo(pool.slotsOf(node));
    int order =
        freeChildren == 0 ? pool.largestSlotOrder(node, 128) : base + Bits.longestRun(freeChildren);
    assertThat(pool.order(node)).as("largest free order").isEqualTo(order);

    free = free.add(BigInteger.valueOf(Long.bitCount(freeChildren)).shiftLeft(base));
    if (span < region && !pool.isInOccupied(node)) {
      free = free.add(BigInteger.ONE.shiftLeft(region)).subtract(BigInteger.ONE.shiftLeft(span));
    }
    for (int digit = 0; digit < 64; digit++) {
      if ((partial >>> digit & 1) != 0) {
        int slot = pool.slot(node, digit);
        int child = pool.child(slot);
        assertThat(pool.slotOrder(slot)).as("order in slot").isEqualTo(tree.orderAt(child, base));
        long childHigh = high | Bits.shiftedHigh(digit, base);
        visit(child, base, childHigh, low | Bits.shiftedLow(digit, base));
      }
    }
  }
}
