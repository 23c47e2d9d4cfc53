package io.dualstack.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dualstack.cni.AddressRange;
import io.dualstack.cni.Attachment;
import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;
import io.dualstack.cni.CniResult;
import io.dualstack.cni.CniRoute;
import io.dualstack.cni.Ipam;
import io.dualstack.cni.IpamConfig;
import io.dualstack.cni.IpamReservation;
import io.dualstack.cni.RangeSet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every {@link Ipam} does: host-local's allocation, its refusals, and its directory to the
 * byte. Extend it and say how yours is made.
 */
public abstract class IpamContract {
  private static final AddressRange V4 = AddressRange.of(IpPrefix.parse("10.1.2.0/29"));
  private static final AddressRange V6 = AddressRange.of(IpPrefix.parse("2001:db8:1::/125"));

  /** The directory of one test. */
  @TempDir private Path dataDir;

  /** For the test framework. */
  protected IpamContract() {}

  /**
   * Makes an IPAM that remembers nothing of others.
   *
   * @return a new one
   */
  protected abstract Ipam open();

  private IpamConfig dualStack() {
    return IpamConfig.of("net", dataDir, RangeSet.of(V4), RangeSet.of(V6));
  }

  private IpamConfig ipv4() {
    return IpamConfig.of("net", dataDir, RangeSet.of(V4));
  }

  private static Attachment container(String id) {
    return new Attachment(id, "eth0");
  }

  private static List<String> addresses(CniResult result) {
    return result.ips().stream().map(ip -> ip.address().toString()).collect(Collectors.toList());
  }

  private static String refusal(Runnable call) {
    return assertThrows(CniException.class, call::run).message();
  }

  private byte[] bytes(String file) throws IOException {
    return Files.readAllBytes(dataDir.resolve("net").resolve(file));
  }

  private void write(String file, String content) throws IOException {
    Files.createDirectories(dataDir.resolve("net"));
    Files.writeString(dataDir.resolve("net").resolve(file), content);
  }

  private Set<String> files() throws IOException {
    try (var list = Files.list(dataDir.resolve("net"))) {
      return list.map(file -> String.valueOf(file.getFileName())).collect(Collectors.toSet());
    }
  }

  @Test
  void gives_one_address_of_each_set_with_length_gateway_and_routes() {
    CniRoute route = CniRoute.of(IpPrefix.parse("::/0"), null);
    IpamConfig config =
        new IpamConfig(
            "net", dataDir, List.of(RangeSet.of(V4), RangeSet.of(V6)), List.of(route), null);

    CniResult result = open().add(config, container("c1"));

    assertEquals(List.of("10.1.2.2/29", "2001:db8:1::2/125"), addresses(result));
    assertEquals(V4.gateway(), result.ips().get(0).gateway());
    assertEquals(V6.gateway(), result.ips().get(1).gateway());
    assertEquals(List.of(route), result.routes());
  }

  @Test
  void writes_the_directory_to_the_byte() throws IOException {
    open().add(dualStack(), container("c1"));

    byte[] owner = "c1\r\neth0".getBytes(StandardCharsets.US_ASCII);
    assertArrayEquals(owner, bytes("10.1.2.2"));
    assertArrayEquals(owner, bytes("2001:db8:1::2"));
    assertEquals("10.1.2.2", new String(bytes("last_reserved_ip.0"), StandardCharsets.US_ASCII));
    assertEquals(
        "2001:db8:1::2", new String(bytes("last_reserved_ip.1"), StandardCharsets.US_ASCII));
    assertEquals(0, bytes("lock").length);
    assertEquals(
        Set.of("10.1.2.2", "2001:db8:1::2", "last_reserved_ip.0", "last_reserved_ip.1", "lock"),
        files());
  }

  @Test
  void refuses_a_second_address_of_the_same_set_and_keeps_the_first() throws IOException {
    Ipam ipam = open();
    ipam.add(ipv4(), container("c1"));

    String message = refusal(() -> ipam.add(ipv4(), container("c1")));

    assertEquals(
        "failed to allocate for range 0: 10.1.2.2 has been allocated to c1, duplicate allocation"
            + " is not allowed",
        message);
    assertTrue(files().contains("10.1.2.2"));
  }

  @Test
  void gives_another_interface_of_the_container_an_address_of_its_own() {
    Ipam ipam = open();
    ipam.add(ipv4(), container("c1"));

    assertEquals(List.of("10.1.2.3/29"), addresses(ipam.add(ipv4(), new Attachment("c1", "eth1"))));
  }

  @Test
  void releasing_twice_is_releasing_once_and_an_unknown_one_is_nothing() {
    Ipam ipam = open();
    ipam.add(dualStack(), container("c1"));

    assertEquals(
        List.of(IpAddress.parse("10.1.2.2"), IpAddress.parse("2001:db8:1::2")),
        ipam.release(dualStack(), container("c1")));
    assertEquals(List.of(), ipam.release(dualStack(), container("c1")));
    assertEquals(List.of(), ipam.release(dualStack(), container("never-seen")));
  }

  @Test
  void tells_what_a_release_would_release() throws IOException {
    Ipam ipam = open();
    ipam.add(dualStack(), container("c1"));
    write("10.1.2.5", "c1");

    for (int addresses : new int[] {2, 1, 0}) {
      List<IpAddress> held = ipam.held(ipv4(), container("c1"));
      assertEquals(addresses, held.size());
      assertEquals(held, ipam.release(ipv4(), container("c1")));
    }

    ipam.add(dualStack(), container("c1"));
    write("10.1.2.5", "c1");
    List<IpAddress> held = ipam.held(dualStack(), container("c1"));
    assertEquals(3, held.size());
    assertEquals(held, ipam.release(dualStack(), container("c1")));
  }

  @Test
  void a_release_that_names_one_family_frees_both() throws IOException {
    Ipam ipam = open();
    ipam.add(dualStack(), container("c1"));
    AddressRange any = AddressRange.of(IpPrefix.parse("0.0.0.0/0"));

    ipam.release(IpamConfig.of("net", dataDir, RangeSet.of(any)), container("c1"));

    assertEquals(Set.of("last_reserved_ip.0", "last_reserved_ip.1", "lock"), files());
  }

  @Test
  void uses_a_small_subnet_up_and_names_it_when_it_is_full() {
    Ipam ipam = open();
    IpamConfig v6 = IpamConfig.of("net", dataDir, RangeSet.of(V6));

    List<String> given = new ArrayList<>();
    IntStream.range(0, 6).forEach(i -> given.addAll(addresses(ipam.add(v6, container("c" + i)))));

    assertEquals(
        IntStream.rangeClosed(2, 7).mapToObj(i -> "2001:db8:1::" + i + "/125").toList(), given);
    assertEquals(
        "failed to allocate for range 0: no IP addresses available in range set:"
            + " 2001:db8:1::1-2001:db8:1::7",
        refusal(() -> ipam.add(v6, container("late"))));
    CniException status = assertThrows(CniException.class, () -> ipam.status(v6));
    assertEquals(CniErrorCode.NOT_AVAILABLE, status.code());
  }

  @Test
  void a_freed_address_comes_last_and_after_the_wrap() {
    Ipam ipam = open();
    IntStream.range(0, 5).forEach(i -> ipam.add(ipv4(), container("c" + i)));
    ipam.release(ipv4(), container("c1"));

    assertEquals(List.of("10.1.2.3/29"), addresses(ipam.add(ipv4(), container("late"))));
  }

  @Test
  void the_last_reserved_address_itself_is_tried_last() {
    Ipam ipam = open();
    ipam.add(ipv4(), container("c0"));
    ipam.release(ipv4(), container("c0"));

    assertEquals(List.of("10.1.2.3/29"), addresses(ipam.add(ipv4(), container("c1"))));
  }

  @Test
  void a_pointer_outside_the_set_or_torn_starts_from_the_beginning() throws IOException {
    write("last_reserved_ip.0", "192.0.2.9");
    assertEquals(List.of("10.1.2.2/29"), addresses(open().add(ipv4(), container("c1"))));

    write("last_reserved_ip.0", "10.1.2");
    assertEquals(List.of("10.1.2.3/29"), addresses(open().add(ipv4(), container("c2"))));
  }

  @Test
  void goes_on_in_the_next_range_of_the_set() {
    AddressRange second = AddressRange.of(IpPrefix.parse("10.9.0.0/29"));
    IpamConfig config = IpamConfig.of("net", dataDir, RangeSet.of(V4, second));
    Ipam ipam = open();

    IntStream.range(0, 5).forEach(i -> ipam.add(config, container("c" + i)));
    CniResult next = ipam.add(config, container("next"));

    assertEquals(List.of("10.9.0.2/29"), addresses(next));
    assertEquals(second.gateway(), next.ips().get(0).gateway());
  }

  @Test
  void a_dual_stack_request_fails_whole_when_one_family_is_full() throws IOException {
    Ipam ipam = open();
    IpamConfig v6 = IpamConfig.of("net", dataDir, RangeSet.of(V6));
    IntStream.range(0, 6).forEach(i -> ipam.add(v6, container("c" + i)));

    String message = refusal(() -> ipam.add(dualStack(), container("both")));

    assertTrue(message.startsWith("failed to allocate for range 1: no IP addresses available"));
    assertFalse(files().contains("10.1.2.2"));
    assertEquals("10.1.2.2", new String(bytes("last_reserved_ip.0"), StandardCharsets.US_ASCII));
  }

  @Test
  void gives_what_was_requested() {
    Ipam ipam = open();

    CniResult result =
        ipam.add(
            dualStack(),
            container("c1"),
            List.of(IpAddress.parse("2001:db8:1::5"), IpAddress.parse("10.1.2.4")));

    assertEquals(List.of("10.1.2.4/29", "2001:db8:1::5/125"), addresses(result));
    assertEquals(
        "failed to allocate for range 0: requested IP address 10.1.2.4 is not available in range"
            + " set 10.1.2.1-10.1.2.6",
        refusal(
            () -> ipam.add(dualStack(), container("c2"), List.of(IpAddress.parse("10.1.2.4")))));
  }

  @Test
  void refuses_requests_that_no_set_can_serve_and_leaves_nothing() throws IOException {
    Ipam ipam = open();

    assertEquals(
        "failed to allocate for range 0: requested ip 10.1.2.1 is subnet's gateway",
        refusal(() -> ipam.add(ipv4(), container("c1"), List.of(IpAddress.parse("10.1.2.1")))));
    assertEquals(
        "failed to allocate all requested IPs: 192.0.2.1",
        refusal(() -> ipam.add(ipv4(), container("c1"), List.of(IpAddress.parse("192.0.2.1")))));
    assertEquals(Set.of("last_reserved_ip.0", "lock"), files());
  }

  @Test
  void never_gives_the_subnet_router_anycast_address() {
    IpPrefix subnet = IpPrefix.parse("2001:db8:1::/125");
    AddressRange range =
        AddressRange.of(subnet, subnet.first(), null, IpAddress.parse("2001:db8:1::7"));
    IpamConfig config = IpamConfig.of("net", dataDir, RangeSet.of(range));

    assertEquals(List.of("2001:db8:1::1/125"), addresses(open().add(config, container("c1"))));
    assertTrue(
        refusal(() -> open().add(config, container("c2"), List.of(subnet.first())))
            .contains("anycast"));
  }

  @Test
  void wide_prefixes_cost_nothing_to_walk() {
    IpamConfig config =
        IpamConfig.of(
            "net",
            dataDir,
            RangeSet.of(AddressRange.of(IpPrefix.parse("2001:db8::/48"))),
            RangeSet.of(AddressRange.of(IpPrefix.parse("2001:db8:9::/126"))));

    assertEquals(
        List.of("2001:db8::2/48", "2001:db8:9::2/126"),
        addresses(open().add(config, container("c1"))));
  }

  @Test
  void knows_owners_with_blanks_around_and_of_the_old_form() throws IOException {
    write("10.1.2.2", "\n c1\r\neth0 \n");
    write("10.1.2.3", "old");
    Ipam ipam = open();

    ipam.check(ipv4(), container("c1"));
    ipam.check(ipv4(), container("old"));
    assertEquals(List.of(IpAddress.parse("10.1.2.2")), ipam.release(ipv4(), container("c1")));
    assertEquals(List.of(IpAddress.parse("10.1.2.3")), ipam.release(ipv4(), container("old")));
  }

  @Test
  void checks_that_there_is_an_address() {
    Ipam ipam = open();

    assertEquals(
        "host-local: Failed to find address added by container c1",
        refusal(() -> ipam.check(ipv4(), container("c1"))));
    ipam.add(ipv4(), container("c1"));
    ipam.check(ipv4(), container("c1"));
  }

  @Test
  void collects_what_belongs_to_no_valid_attachment() throws IOException {
    Ipam ipam = open();
    ipam.add(dualStack(), container("stays"));
    ipam.add(dualStack(), container("goes"));
    write("10.1.2.5", "stays");
    write("10.1.2.6", "");

    List<IpAddress> abandoned = ipam.abandoned(dualStack(), Set.of(container("stays")));
    List<IpAddress> collected = ipam.collect(dualStack(), Set.of(container("stays")));

    assertEquals(abandoned, collected);
    assertEquals(
        List.of("10.1.2.3", "10.1.2.6", "2001:db8:1::3"),
        collected.stream().map(IpAddress::toString).toList());
    assertEquals(
        Set.of(
            "10.1.2.2",
            "10.1.2.5",
            "2001:db8:1::2",
            "last_reserved_ip.0",
            "last_reserved_ip.1",
            "lock"),
        files());
  }

  @Test
  void survives_and_reports_torn_foreign_and_misspelled_files() throws IOException {
    write("10.1.2.2", "");
    write("2001:DB8:1:0:0:0:0:2", "other\r\neth0");
    write("notes.txt", "somebody's");
    Files.createDirectories(dataDir.resolve("net/folder"));
    Ipam ipam = open();

    CniResult result = ipam.add(dualStack(), container("c1"));

    assertEquals(List.of("10.1.2.3/29", "2001:db8:1::3/125"), addresses(result));
    assertEquals(
        Set.of("TornFile", "MisspelledAddress", "ForeignFile", "ForeignFolder"),
        ipam.inspect(dualStack()).findings().stream()
            .map(finding -> finding.code())
            .collect(Collectors.toSet()));
  }

  @Test
  void notices_what_another_has_done_since() throws IOException {
    Ipam one = open();
    Ipam other = open();

    for (int i = 0; i < 50; i++) {
      one.add(ipv4(), container("a" + i));
      assertEquals(
          Set.of("a" + i),
          other.inspect(ipv4()).reservations().stream()
              .map(IpamReservation::containerId)
              .collect(Collectors.toSet()));
      other.release(ipv4(), container("a" + i));
      assertEquals(List.of(), one.inspect(ipv4()).reservations());
    }
  }
}
