package io.dualstack.spi.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dualstack.ProviderException;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.AttachOutcome;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderSession;
import io.dualstack.testkit.cloud.Fault;
import io.dualstack.testkit.cloud.openstack.FakeKeystone;
import io.dualstack.testkit.provider.InMemoryProviderContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Cells of a foundation in a fake cloud, as the tests of the provider ask for them. */
final class Cells implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  final FakeCloud cloud;
  final InMemoryProviderContext context;
  final Map<String, Map<String, Object>> properties = new LinkedHashMap<>();
  ProviderSession session;

  Cells(FakeCloud cloud, InMemoryProviderContext context) {
    this.cloud = cloud;
    this.context = context;
    properties.put("v4", Map.of(NicPlan.NET, cloud.network));
    properties.put("v6", Map.of(NicPlan.NET, cloud.network));
    properties.put("link", Map.of(NicPlan.NET, cloud.network));
    properties.put("pool", cloud.properties(NicPlan.POOL, cloud.poolV6));
    define();
    session = cloud.provider().open(context);
  }

  static Cells of(FakeCloud cloud) {
    return new Cells(cloud, cloud.context());
  }

  /** Routes the network "routed" through this router. */
  void routeBy(String routerId) {
    properties.put("routed", cloud.properties(NicPlan.ROUTER, routerId));
    define();
  }

  /** Sets the cloud properties of a network. */
  void properties(String network, Map<String, Object> changed) {
    properties.put(network, changed);
    define();
  }

  private void define() {
    List<Manual> networks = new ArrayList<>();
    networks.add(network("v4", Subnet.of(IpPrefix.parse("10.64.0.0/20"))));
    networks.add(network("v6", Subnet.of(IpPrefix.parse("2001:db8:64::/64"))));
    networks.add(network("link", Subnet.of(IpPrefix.parse("2001:db8:64::/64")).prefixLength(80)));
    networks.add(
        network(
            "pool",
            Subnet.of(IpPrefix.parse("2001:db8:64:0:8000::/65"))
                .prefixLength(80)
                .chooser(PrefixChooser.PROVIDER)));
    if (properties.containsKey("routed")) {
      networks.add(
          network("routed", Subnet.of(IpPrefix.parse("2001:db8:99::/48")).prefixLength(64)));
    }
    context.define(NetworkSet.of(networks));
  }

  private Manual network(String name, Subnet.Builder subnet) {
    return new Manual(
        name, List.of(subnet.cloudProperties(properties.getOrDefault(name, Map.of())).build()));
  }

  void reopen() {
    session.close();
    session = cloud.provider().open(context);
  }

  static NicBlock block(String network, String text) {
    return NicBlock.chosen(
        network, text.contains("/") ? IpPrefix.parse(text) : IpAddress.parse(text).toPrefix());
  }

  static NicBlock open() {
    return NicBlock.toBeChosen("pool", IpFamily.IPV6, 80);
  }

  NicRequest nic(String owner, NicBlock... blocks) {
    Map<String, Map<String, Object>> mine = new LinkedHashMap<>();
    for (NicBlock block : blocks) {
      mine.put(block.network(), properties.getOrDefault(block.network(), Map.of()));
    }
    return new NicRequest(new Owner(owner), "life", "0", null, List.of(blocks), mine);
  }

  AttachOutcome.Attached attach(NicRequest request) {
    AttachOutcome outcome = session.attach(List.of(request)).get(0);
    if (outcome instanceof AttachOutcome.Failed failed) {
      throw new AssertionError("not attached", failed.failure());
    }
    return (AttachOutcome.Attached) outcome;
  }

  ProviderException fail(NicRequest request) {
    AttachOutcome outcome = session.attach(List.of(request)).get(0);
    assertThat(outcome).isInstanceOf(AttachOutcome.Failed.class);
    return ((AttachOutcome.Failed) outcome).failure();
  }

  static Stream<Fault> cuts() {
    return Stream.of(Fault.CUT_BEFORE, Fault.CUT_AFTER);
  }

  /** Cuts a run off at each of its requests, and checks what the next one makes of it. */
  void atEachRequest(Fault cut, Runnable run, Runnable check) {
    boolean wasCut = true;
    for (int requests = 0; wasCut; requests++) {
      cloud.neutron.faults().allAfter(requests, cut);
      cloud.neutron.forgetRequests();
      try {
        run.run();
      } catch (ProviderException cutOff) {
        assertThat(cutOff).hasMessageNotContaining(FakeKeystone.PASSWORD);
      }
      wasCut = cloud.neutron.requests().size() > requests;
      cloud.neutron.faults().clear();
      reopen();
      check.run();
      assertThat(wasCut || requests > 2).as("requests of the whole run").isTrue();
    }
  }

  List<JsonNode> all(String collection) {
    return cloud.neutron.all(collection).stream().map(Cells::json).toList();
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
