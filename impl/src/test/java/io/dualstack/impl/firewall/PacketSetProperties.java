package io.dualstack.impl.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.firewall.Match;
import io.dualstack.firewall.NumberSet;
import io.dualstack.firewall.Packet;
import io.dualstack.firewall.PacketSet;
import io.dualstack.firewall.Service;
import io.dualstack.firewall.ServiceSet;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Sets of packets against membership, packet by packet. */
class PacketSetProperties {
  @Provide
  Arbitrary<Packet> packets() {
    return SmallWorld.packets();
  }

  @Provide
  Arbitrary<List<Match>> matches() {
    return SmallWorld.matches().list().ofMaxSize(3).withoutEdgeCases();
  }

  @Provide
  Arbitrary<NumberSet> numbers() {
    Arbitrary<Long> edges = Arbitraries.of(0L, 1L, 2L, 3L, NumberSet.MAX - 1, NumberSet.MAX);
    return edges
        .tuple2()
        .map(
            ends ->
                new NumberSet.Range(
                    Math.min(ends.get1(), ends.get2()), Math.max(ends.get1(), ends.get2())))
        .list()
        .ofMaxSize(3)
        .map(NumberSet::of)
        .withoutEdgeCases();
  }

  @Property
  void a_set_holds_what_meets_any_of_its_matches(
      @ForAll("matches") List<Match> matches, @ForAll("packets") Packet packet) {
    PacketSet set = PacketSet.of(matches);

    assertThat(set.contains(packet))
        .isEqualTo(matches.stream().anyMatch(match -> match.contains(packet)));
    assertThat(set.matches().stream().filter(match -> match.contains(packet)).count())
        .isLessThanOrEqualTo(1);
  }

  @Property
  void operations_agree_with_membership(
      @ForAll("matches") List<Match> some,
      @ForAll("matches") List<Match> others,
      @ForAll("packets") Packet packet) {
    PacketSet a = PacketSet.of(some);
    PacketSet b = PacketSet.of(others);
    boolean inA = a.contains(packet);
    boolean inB = b.contains(packet);

    assertThat(a.union(b).contains(packet)).isEqualTo(inA || inB);
    assertThat(a.intersect(b).contains(packet)).isEqualTo(inA && inB);
    assertThat(a.subtract(b).contains(packet)).isEqualTo(inA && !inB);
  }

  @Property
  void sets_obey_the_laws(
      @ForAll("matches") List<Match> some, @ForAll("matches") List<Match> others) {
    PacketSet a = PacketSet.of(some);
    PacketSet b = PacketSet.of(others);

    assertThat(a.union(b).matches())
        .allMatch(
            one ->
                a.union(b).matches().stream().filter(two -> one.intersect(two).isPresent()).count()
                    == 1);
    assertThat(a.union(b).isSameAs(b.union(a))).isTrue();
    assertThat(a.subtract(b).union(a.intersect(b)).isSameAs(a)).isTrue();
    assertThat(a.subtract(b).intersect(b).isEmpty()).isTrue();
    assertThat(a.subtract(a).isEmpty()).isTrue();
  }

  @Property
  void a_witness_is_a_packet_of_the_set(
      @ForAll("matches") List<Match> some, @ForAll("matches") List<Match> others) {
    PacketSet rest = PacketSet.of(some).subtract(PacketSet.of(others));

    assertThat(rest.witness().isEmpty()).isEqualTo(rest.isEmpty());
    rest.witness()
        .ifPresent(
            packet -> {
              assertThat(some).anyMatch(match -> match.contains(packet));
              assertThat(others).noneMatch(match -> match.contains(packet));
            });
  }

  @Property
  void numbers_agree_with_membership(
      @ForAll("numbers") NumberSet a, @ForAll("numbers") NumberSet b) {
    for (long number :
        new long[] {0, 1, 2, 3, 4, NumberSet.MAX - 2, NumberSet.MAX - 1, NumberSet.MAX}) {
      boolean inA = a.contains(number);
      boolean inB = b.contains(number);
      assertThat(a.union(b).contains(number)).isEqualTo(inA || inB);
      assertThat(a.intersect(b).contains(number)).isEqualTo(inA && inB);
      assertThat(a.subtract(b).contains(number)).isEqualTo(inA && !inB);
      assertThat(a.complement().contains(number)).isEqualTo(!inA);
    }
    assertThat(a.complement().complement()).isEqualTo(a);
  }

  @Property
  void a_service_is_found_by_its_number(@ForAll("packets") Packet packet) {
    Service service = packet.service();

    assertThat(Service.ofNumber(service.number())).isEqualTo(service);
    assertThat(ServiceSet.of(service.protocol()).contains(service)).isTrue();
    assertThat(ServiceSet.over(packet.family()).contains(service)).isTrue();
  }
}
