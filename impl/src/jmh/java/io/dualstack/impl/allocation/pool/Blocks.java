package io.dualstack.impl.allocation.pool;

import java.util.SplittableRandom;

/** The live blocks of a benchmark, from which it takes any. */
final class Blocks {
  private static final int HIGH = 0;
  private static final int LOW = 1;
  private static final int LENGTH = 2;
  private static final int WORDS = 3;

  private final long[] blocks;
  final SplittableRandom random = new SplittableRandom(42);
  final BlockCursor at = new BlockCursor();

  Blocks(int count) {
    blocks = new long[count * WORDS];
  }

  int any() {
    return random.nextInt(blocks.length / WORDS);
  }

  void release(BlockPool pool, int index) {
    int at = index * WORDS;
    if (!pool.release(blocks[at + HIGH], blocks[at + LOW], (int) blocks[at + LENGTH])) {
      throw new IllegalStateException("a live block could not be freed");
    }
  }

  long allocate(BlockPool pool, int index, int blockLength) {
    if (!pool.allocateLowest(blockLength, at)) {
      throw new IllegalStateException("nothing free of length " + blockLength);
    }
    put(index, at.high(), at.low(), blockLength);
    return at.low();
  }

  void occupy(BlockPool pool, int index, long blockHigh, long blockLow, int blockLength) {
    if (!pool.occupy(blockHigh, blockLow, blockLength)) {
      throw new IllegalStateException("a block that should be free is occupied");
    }
    put(index, blockHigh, blockLow, blockLength);
  }

  private void put(int index, long blockHigh, long blockLow, int blockLength) {
    blocks[index * WORDS + HIGH] = blockHigh;
    blocks[index * WORDS + LOW] = blockLow;
    blocks[index * WORDS + LENGTH] = blockLength;
  }
}
