package io.dualstack.impl.cni.hostlocal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.cni.CniException;
import io.dualstack.cni.IpamConfig;
import io.dualstack.impl.cni.protocol.CniConfig;
import io.dualstack.net.IpAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostLocalCallTest {
  private static HostLocalCall read(String json, String args) {
    return HostLocalCall.read(
        CniConfig.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)), args);
  }

  @Test
  void runtime_ranges_come_first_then_the_old_keys_then_the_list() {
    HostLocalCall call =
        read(
            "{'cniVersion':'0.3.1','name':'n','runtimeConfig':{'ipRanges':[[{'subnet':'10.3.0.0/24'}]]},"
                + "'ipam':{'subnet':'10.1.0.0/24','rangeStart':'10.1.0.9',"
                + "'ranges':[[{'subnet':'10.2.0.0/24'}],[{'subnet':'2001:db8::/80'}]]}}",
            "");

    assertThat(call.config().ranges())
        .map(Object::toString)
        .containsExactly(
            "10.3.0.1-10.3.0.254",
            "10.1.0.9-10.1.0.254",
            "10.2.0.1-10.2.0.254",
            "2001:db8::1-2001:db8::ffff:ffff:ffff");
    assertThat(call.config().dataDir()).isEqualTo(IpamConfig.DEFAULT_DATA_DIR);
  }

  @Test
  void addresses_are_requested_in_three_places() {
    HostLocalCall call =
        read(
            "{'name':'n','args':{'cni':{'ips':['10.1.0.3/24']}},'runtimeConfig':{'ips':['2001:DB8::4']},"
                + "'ipam':{'ranges':[[{'subnet':'10.1.0.0/24'}]]}}",
            "IgnoreUnknown=1;K8S_POD=x;IP=::ffff:10.1.0.2");

    assertThat(call.requested())
        .map(IpAddress::toString)
        .containsExactly("10.1.0.2", "10.1.0.3", "2001:db8::4");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]| no IP ranges specified",
        "[[]]| invalid range set 0: empty range set",
        "[[{}]]| invalid range set 0: IP <nil> not v4 nor v6",
        "[[{'subnet':'10.1.2.5/24'}]]| invalid range set 0: Network has host bits set. For a subnet"
            + " mask of length 24 the network address is 10.1.2.0",
        "[[{'subnet':'10.1.2.0/31'}]]| invalid range set 0: Network 10.1.2.0/31 too small to"
            + " allocate from",
        "[[{'subnet':'2001:db8::/127'}]]| invalid range set 0: Network 2001:db8::/127 too small to"
            + " allocate from",
        "[[{'subnet':'10.1.2.0/24','rangeStart':'10.1.3.1'}]]| invalid range set 0: RangeStart"
            + " 10.1.3.1 not in network 10.1.2.0/24",
        "[[{'subnet':'10.1.2.0/24','rangeEnd':'10.1.3.1'}]]| invalid range set 0: RangeEnd 10.1.3.1"
            + " not in network 10.1.2.0/24",
        "[[{'subnet':'10.1.2.0/24'},{'subnet':'2001:db8::/64'}]]| invalid range set 0: mixed"
            + " address families",
        "[[{'subnet':'10.1.2.0/24'},{'subnet':'10.1.0.0/16'}]]| invalid range set 0: subnets"
            + " 10.1.2.1-10.1.2.254 and 10.1.0.1-10.1.255.254 overlap",
        "[[{'subnet':'10.1.2.0/24'}],[{'subnet':'10.1.0.0/16'}]]| range set 0 overlaps with 1",
        "[[{'subnet':'::ffff:10.0.0.0/104'}]]| invalid range set 0: IPNet IP and Mask version"
            + " mismatch",
        "[[{'subnet':'nonsense'}]]| invalid CIDR address: nonsense",
      })
  void refuses_in_the_words_of_the_original(String ranges, String message) {
    String json = "{'cniVersion':'1.0.0','name':'n','ipam':{'ranges':" + ranges + "}}";

    assertThatThrownBy(() -> read(json, "")).isInstanceOf(CniException.class).hasMessage(message);
  }

  @Test
  void old_versions_have_room_for_one_address_of_each_family() {
    String ranges = "[[{'subnet':'10.1.0.0/24'}],[{'subnet':'10.2.0.0/24'}]]";

    assertThatThrownBy(
            () -> read("{'cniVersion':'0.2.0','name':'n','ipam':{'ranges':" + ranges + "}}", ""))
        .hasMessage("CNI version 0.2.0 does not support more than 1 address per family");
  }

  @Test
  void unknown_arguments_are_refused_unless_they_are_to_be_ignored() {
    String json = "{'name':'n','ipam':{'ranges':[[{'subnet':'10.1.0.0/24'}]]}}";

    assertThatThrownBy(() -> read(json, "A=B")).hasMessage("ARGS: unknown args [\"A=B\"]");
    assertThatThrownBy(() -> read(json, "A")).hasMessage("ARGS: invalid pair \"A\"");
    assertThatThrownBy(() -> read(json, "IP=x"))
        .hasMessage("ARGS: error parsing value of pair \"IP=x\": invalid IP address x");
  }
}
