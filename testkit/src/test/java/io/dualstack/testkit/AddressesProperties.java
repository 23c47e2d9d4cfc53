package io.dualstack.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.net.MacAddress;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.Shrinkable;

class AddressesProperties {
  @Example
  void edge_cases_are_where_software_goes_wrong() {
    assertThat(edges(Addresses.prefixes()))
        .extracting(IpPrefix::toString)
        .contains("::/0", "0.0.0.0/0", "::ffff:0.0.0.0/96", "2001:db8::/32", "192.0.2.0/24")
        .contains("2001:db8::/64", "2001:db8::/80", "2001:db8::/127", "2001:db8::/128")
        .contains("2001:db8:0:1::/64", "2001:db8::ffff:ffff:ffff:ffff/128")
        .contains("0.0.0.0/32", "255.255.255.255/32", "192.0.2.0/31", "::/128")
        .contains("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128");
    assertThat(edges(Addresses.prefixes().length(80).inside(IpPrefix.parse("2001:db8::/64"))))
        .extracting(IpPrefix::toString)
        .containsExactlyInAnyOrder("2001:db8::/80", "2001:db8:0:0:ffff::/80");
    assertThat(edges(Addresses.addresses()))
        .extracting(IpAddress::toString)
        .contains("::", "0.0.0.0", "255.255.255.255", "::ffff:0.0.0.0")
        .contains("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "8000::");
    assertThat(edges(Addresses.ranges()))
        .extracting(IpRange::toString)
        .contains("0.0.0.0-255.255.255.255", "2001:db8::ffff:ffff:ffff:ffff-2001:db8:0:1::");
    assertThat(edges(Addresses.portRanges())).contains(PortRange.ALL);
  }

  private static <T> List<T> edges(Arbitrary<T> arbitrary) {
    return StreamSupport.stream(arbitrary.edgeCases(1000).spliterator(), false)
        .map(Shrinkable::value)
        .toList();
  }

  @Example
  void a_failing_value_shrinks_to_a_documentation_address() {
    assertThat(smallest(Addresses.addresses().ipv6(), any())).hasToString("2001:db8::");
    assertThat(smallest(Addresses.addresses().ipv4(), any())).hasToString("192.0.2.0");
    assertThat(smallest(Addresses.prefixes().ipv6(), any())).hasToString("2001:db8::/32");
    assertThat(smallest(Addresses.prefixes().ipv4(), any())).hasToString("192.0.2.0/24");
    assertThat(smallest(Addresses.ranges().ipv6(), any())).hasToString("2001:db8::");
    assertThat(smallest(Addresses.sets(), any())).isEqualTo(IpSet.EMPTY);
    assertThat(smallest(Addresses.interfaceAddresses().ipv6(), any())).hasToString("2001:db8::/64");
    assertThat(smallest(Addresses.endpoints().ipv4(), any())).hasToString("192.0.2.0:80");
    assertThat(smallest(Addresses.macs(), any())).hasToString("02:00:00:00:00:00");
    assertThat(smallest(Addresses.portRanges(), any())).hasToString("80");
    assertThat(smallest(Addresses.protocols(), any())).isEqualTo(Protocol.TCP);
  }

  private static <T> Predicate<T> any() {
    return value -> true;
  }

  @Example
  void a_failing_value_shrinks_to_what_makes_it_fail() {
    assertThat(smallest(Addresses.prefixes().ipv6(), prefix -> prefix.length() > 64))
        .hasToString("2001:db8::/65");
    assertThat(smallest(Addresses.prefixes().ipv6(), prefix -> prefix.length() < 8))
        .hasToString("2000::/7");
    assertThat(smallest(Addresses.addresses().ipv6(), address -> (address.low() & 1) == 1))
        .hasToString("2001:db8::1");
    assertThat(
            smallest(
                Addresses.addresses().ipv4(),
                address -> address.compareTo(IpAddress.parse("192.0.2.9")) > 0))
        .hasToString("192.0.2.10");
    assertThat(smallest(Addresses.ranges().ipv4(), range -> range.size().intValue() > 2))
        .hasToString("192.0.2.0-192.0.2.2");
    assertThat(smallest(Addresses.sets().ipv6(), set -> set.ranges().size() > 1))
        .hasToString("{2001:db8::, 2001:db8::2}");
  }

  @Example
  void edge_cases_shrink_too() {
    Shrinkable<IpPrefix> last =
        StreamSupport.stream(Addresses.prefixes().edgeCases(1000).spliterator(), false)
            .filter(edge -> edge.value().equals(IpFamily.IPV6.last().toPrefix()))
            .findFirst()
            .orElseThrow();

    assertThat(shrunk(last, any())).hasToString("2001:db8::/32");
  }

  @Example
  void without_a_documentation_address_a_value_shrinks_to_the_start_of_its_block() {
    IpPrefix pool = IpPrefix.parse("10.1.0.0/16");

    assertThat(smallest(Addresses.addresses().inside(pool), any())).hasToString("10.1.0.0");
    assertThat(smallest(Addresses.prefixes().inside(pool).longerThan(24), any()))
        .hasToString("10.1.0.0/25");
  }

  /** The simplest of several values that shrink as long as they fail. */
  private static <T> T smallest(Arbitrary<T> arbitrary, Predicate<T> fails) {
    Random random = new Random(42);
    var generator = arbitrary.generator(1000);
    List<T> results =
        Stream.generate(() -> generator.next(random))
            .limit(10_000)
            .filter(sample -> fails.test(sample.value()))
            .limit(10)
            .map(sample -> shrunk(sample, fails))
            .distinct()
            .toList();
    assertThat(results).as("every sample shrinks to the same value").hasSize(1);
    return results.get(0);
  }

  private static <T> T shrunk(Shrinkable<T> sample, Predicate<T> fails) {
    Shrinkable<T> best = sample;
    while (true) {
      Shrinkable<T> from = best;
      Optional<Shrinkable<T>> next =
          from.shrink()
              .filter(candidate -> candidate.compareTo(from) < 0)
              .filter(candidate -> fails.test(candidate.value()))
              .findFirst();
      if (next.isEmpty()) {
        return best.value();
      }
      best = next.get();
    }
  }

  @Example
  void every_length_of_both_families_comes_up() {
    Random random = new Random(42);
    var generator = Addresses.prefixes().generator(1000);
    List<IpPrefix> samples =
        Stream.generate(() -> generator.next(random).value()).limit(20_000).toList();

    for (IpFamily family : IpFamily.values()) {
      assertThat(samples.stream().filter(sample -> sample.family() == family))
          .extracting(IpPrefix::length)
          .containsAll(IntStream.rangeClosed(0, family.bits()).boxed().toList());
    }
  }

  @Example
  void two_random_blocks_often_meet() {
    Random random = new Random(42);
    var generator =
        Addresses.prefixes()
            .ipv6()
            .inside(IpPrefix.parse("2001:db8::/32"))
            .longerThan(63)
            .generator(1000);

    long met =
        IntStream.range(0, 10_000)
            .filter(i -> generator.next(random).value().overlaps(generator.next(random).value()))
            .count();

    assertThat(met).isBetween(200L, 9_800L);
  }

  @Example
  void what_leaves_no_value_is_refused_at_once() {
    String message = "no value is left; ask for a family, a block and lengths that go together";

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Addresses.prefixes().ipv4().longerThan(32))
        .withMessage(message);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Addresses.addresses().ipv4().inside(IpPrefix.parse("2001:db8::/32")))
        .withMessage(message);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Addresses.ranges().ipv4().ipv6())
        .withMessage(message);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Addresses.prefixes().inside(IpPrefix.parse("10.0.0.0/24")).length(8))
        .withMessage(message);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Addresses.prefixes().longerThan(64).length(48))
        .withMessage(
            "/48 to /48: no length is left of /65 to /128; ask for lengths that go together");
  }

  @Example
  void a_family_without_the_length_is_left_out() {
    assertThat(edges(Addresses.prefixes().lengthBetween(48, 64)))
        .extracting(IpPrefix::family)
        .containsOnly(IpFamily.IPV6);
  }

  @Example
  void hardware_addresses_keep_to_48_bits() {
    assertThat(edges(Addresses.macs())).contains(MacAddress.of(0), MacAddress.BROADCAST);
  }
}
