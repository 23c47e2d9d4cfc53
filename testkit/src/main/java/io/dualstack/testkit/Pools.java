package io.dualstack.testkit;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The blocks that values are taken from: at most one of each family, at least one.
 *
 * @param blocks the blocks, IPv6 first where there are two
 */
record Pools(List<IpPrefix> blocks) {
  static final Pools ALL = new Pools(List.of(IpFamily.IPV6.all(), IpFamily.IPV4.all()));

  private static final List<IpPrefix> DOCUMENTATION =
      List.of(IpPrefix.parse("2001:db8::/32"), IpPrefix.parse("192.0.2.0/24"));

  Pools {
    if (blocks.isEmpty()) {
      throw new IllegalArgumentException(
          "no value is left; ask for a family, a block and lengths that go together");
    }
    blocks = List.copyOf(blocks);
  }

  Pools only(IpFamily family) {
    return new Pools(blocks.stream().filter(block -> block.family() == family).toList());
  }

  Pools inside(IpPrefix pool) {
    return new Pools(
        blocks.stream()
            .filter(block -> block.overlaps(pool))
            .map(block -> block.contains(pool) ? pool : block)
            .toList());
  }

  /** Keeps the families that have prefixes of the lengths. */
  Pools withLengths(int min, int max) {
    return new Pools(
        blocks.stream()
            .filter(block -> min <= block.family().bits() && max >= block.length())
            .toList());
  }

  IpPrefix of(IpFamily family) {
    return blocks.stream().filter(block -> block.family() == family).findFirst().orElseThrow();
  }

  IpPrefix any(Random random) {
    return blocks.get(random.nextInt(blocks.size()));
  }

  /** The plainest address of a block: the first that is kept for documentation, or the first. */
  static IpAddress plainest(IpPrefix block) {
    return DOCUMENTATION.stream()
        .filter(block::contains)
        .map(IpPrefix::first)
        .findFirst()
        .orElse(block.first());
  }

  /**
   * An address of a block: one in three close to the plainest, at a distance of few bits anywhere
   * in the block, so that two values often touch; one in three at the edge of an aligned block;
   * else any.
   */
  static IpAddress random(IpPrefix block, Random random) {
    IpFamily family = block.family();
    int hostBits = family.bits() - block.length();
    IpAddress bits = IpAddress.ipv6(random.nextLong(), random.nextLong());
    IpAddress from = plainest(block);
    switch (random.nextInt(3)) {
      case 0 -> {
        int shift = random.nextInt(Math.max(1, hostBits - 2));
        long few = random.nextInt(8);
        long high = shift < 64 ? (shift == 0 ? 0 : few >>> (64 - shift)) : few << (shift - 64);
        long low = shift < 64 ? few << shift : 0;
        return host(block, from.high() ^ high, from.low() ^ low);
      }
      case 1 -> {
        IpPrefix aligned =
            IpPrefix.containing(
                host(block, bits.high(), bits.low()),
                block.length() + random.nextInt(hostBits + 1));
        return random.nextBoolean() ? aligned.first() : aligned.last();
      }
      default -> {
        return host(block, bits.high(), bits.low());
      }
    }
  }

  /** The address of a block with these host bits; bits above them are ignored. */
  private static IpAddress host(IpPrefix block, long high, long low) {
    IpAddress network = block.first();
    IpAddress last = block.last();
    return new IpAddress(
        block.family(),
        network.high() | (high & (last.high() ^ network.high())),
        network.low() | (low & (last.low() ^ network.low())));
  }

  /** Addresses at which things go wrong, as far as the block has them. */
  static Stream<IpAddress> edges(IpPrefix block) {
    return Stream.of(
            Stream.of(plainest(block), block.first(), block.last()),
            middle(block),
            signs(block),
            mapped(block))
        .flatMap(addresses -> addresses)
        .distinct();
  }

  /** Both sides of the middle of an IPv6 address, where one long carries into the other. */
  static Stream<IpAddress> middle(IpPrefix block) {
    long high = plainest(block).high();
    return ipv6(block, IpAddress.ipv6(high, -1L), IpAddress.ipv6(high + 1, 0));
  }

  /** Where the order of numbers with and without a sign differs. */
  static Stream<IpAddress> signs(IpPrefix block) {
    return ipv6(
        block,
        IpAddress.ipv6(Long.MIN_VALUE, 0),
        IpAddress.ipv6(plainest(block).high(), Long.MIN_VALUE));
  }

  /** The first IPv4-mapped address. */
  static Stream<IpAddress> mapped(IpPrefix block) {
    return ipv6(block, IpAddress.parse("::ffff:0.0.0.0"));
  }

  private static Stream<IpAddress> ipv6(IpPrefix block, IpAddress... addresses) {
    return Stream.of(addresses).filter(block::contains);
  }
}
