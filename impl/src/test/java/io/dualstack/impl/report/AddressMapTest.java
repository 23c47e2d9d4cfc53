package io.dualstack.impl.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressMapTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  private static AllocatedBlock held(String block, AllocationKind kind) {
    return AllocatedBlock.active(
        IpPrefix.parse(block), new Owner("cf/cell/" + block), "vm", "n", null, kind, NOON);
  }

  private static AllocatedBlock held(String block) {
    return held(block, AllocationKind.DYNAMIC);
  }

  private static Cell at(AddressMap map, String block) {
    return map.cells().stream()
        .filter(cell -> cell.block().equals(IpPrefix.parse(block)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void a_small_range_has_a_cell_for_each_address() {
    Subnet subnet =
        Subnet.of(IpPrefix.parse("10.0.0.0/24"))
            .gateway(IpAddress.parse("10.0.0.1"))
            .reserved(IpSet.parse("10.0.0.2-10.0.0.9"))
            .statics(IpSet.parse("10.0.0.200-10.0.0.210"))
            .build();

    AddressMap map =
        AddressMap.of(
            subnet,
            List.of(
                held("10.0.0.10/32"),
                held("10.0.0.12/32").obsolete(),
                held("10.0.0.13/32").quarantined(NOON.plusSeconds(60)),
                held("10.0.0.14/32", AllocationKind.EXTERNAL),
                held("10.0.0.200/32", AllocationKind.STATIC)));

    assertThat(map.shown()).isEqualTo(IpPrefix.parse("10.0.0.0/24"));
    assertThat(map.cells()).hasSize(256);
    assertThat(at(map, "10.0.0.0/32").use()).isEqualTo(Use.RESERVED);
    assertThat(at(map, "10.0.0.1/32").use()).isEqualTo(Use.RESERVED);
    assertThat(at(map, "10.0.0.9/32").use()).isEqualTo(Use.RESERVED);
    assertThat(at(map, "10.0.0.10/32").use()).isEqualTo(Use.DYNAMIC);
    assertThat(at(map, "10.0.0.11/32").use()).isEqualTo(Use.FREE);
    assertThat(at(map, "10.0.0.12/32").use()).isEqualTo(Use.OBSOLETE);
    assertThat(at(map, "10.0.0.13/32").use()).isEqualTo(Use.RESTING);
    assertThat(at(map, "10.0.0.14/32").use()).isEqualTo(Use.EXTERNAL);
    assertThat(at(map, "10.0.0.200/32").use()).isEqualTo(Use.STATIC);
    assertThat(at(map, "10.0.0.201/32").use()).isEqualTo(Use.SET_ASIDE);
    assertThat(at(map, "10.0.0.255/32").use()).isEqualTo(Use.RESERVED);
  }

  @Test
  void of_a_range_of_ipv6_the_part_is_shown_that_is_used() {
    Subnet subnet =
        Subnet.of(IpPrefix.parse("2001:db8:4e04:d139::/64"))
            .prefixLength(80)
            .reserved(IpSet.parse("2001:db8:4e04:d139::/80"))
            .build();

    AddressMap map =
        AddressMap.of(
            subnet, List.of(held("2001:db8:4e04:d139:1::/80"), held("2001:db8:4e04:d139:5::/80")));

    assertThat(map.shown()).isEqualTo(IpPrefix.parse("2001:db8:4e04:d139::/70"));
    assertThat(map.cellLength()).isEqualTo(80);
    assertThat(map.cells()).hasSize(1024);
    assertThat(map.cells().stream().map(Cell::use).limit(7))
        .containsExactly(
            Use.RESERVED, Use.DYNAMIC, Use.FREE, Use.FREE, Use.FREE, Use.DYNAMIC, Use.FREE);
    assertThat(at(map, "2001:db8:4e04:d139:5::/80").words())
        .isEqualTo(
            "2001:db8:4e04:d139:5::/80: dynamic,"
                + " cf/cell/2001:db8:4e04:d139:5::/80 (2001:db8:4e04:d139:5::/80, n)");
  }

  @Test
  void a_cell_of_many_blocks_tells_how_much_of_it_is_held() {
    Subnet subnet = Subnet.of(IpPrefix.parse("10.0.0.0/16")).build();

    AddressMap map =
        AddressMap.of(
            subnet,
            List.of(
                held("10.0.0.4/32"),
                held("10.0.0.5/32"),
                held("10.0.0.6/32"),
                held("10.0.0.7/32", AllocationKind.STATIC),
                held("10.0.128.0/25"),
                held("10.0.255.64/27")));

    assertThat(map.shown()).isEqualTo(subnet.range());
    assertThat(map.cellLength()).isEqualTo(26);
    assertThat(at(map, "10.0.0.0/26").use()).isEqualTo(Use.DYNAMIC);
    assertThat(at(map, "10.0.0.0/26").filled()).isEqualTo(4 / 64.0);
    assertThat(at(map, "10.0.0.0/26").words()).endsWith(" and 1 more");
    assertThat(at(map, "10.0.128.0/26").filled()).isEqualTo(1);
    assertThat(at(map, "10.0.128.64/26").filled()).isEqualTo(1);
    assertThat(at(map, "10.0.128.128/26").use()).isEqualTo(Use.FREE);
    assertThat(at(map, "10.0.255.64/26").filled()).isEqualTo(0.5);
  }

  @Test
  void a_block_around_the_whole_range_fills_all_of_it() {
    Subnet subnet = Subnet.of(IpPrefix.parse("10.0.0.0/28")).build();

    AddressMap map = AddressMap.of(subnet, List.of(held("10.0.0.0/8", AllocationKind.EXTERNAL)));

    assertThat(map.cells()).hasSize(16).allMatch(cell -> cell.use() == Use.EXTERNAL);
  }
}
