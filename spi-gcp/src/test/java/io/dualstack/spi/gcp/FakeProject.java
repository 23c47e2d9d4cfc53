package io.dualstack.spi.gcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.compute.model.Address;
import com.google.api.services.compute.model.NetworkInterface;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.AttachOutcome;
import io.dualstack.provider.AttachOutcome.Attached;
import io.dualstack.provider.AttachOutcome.Failed;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderSession;
import io.dualstack.testkit.cloud.gcp.FakeCompute;
import io.dualstack.testkit.cloud.gcp.FakeSubnetwork;
import io.dualstack.testkit.provider.InMemoryProviderContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A project in this process, with a session on it, and the steps that tests are made of. */
final class FakeProject implements AutoCloseable {
  static final String ZONE = "europe-west1-b";
  static final IpPrefix PRIMARY = IpPrefix.parse("10.0.0.0/20");
  static final IpPrefix PODS = IpPrefix.parse("10.9.0.0/20");
  static final IpPrefix SIX = IpPrefix.parse("2001:db8:1:2::/64");

  final FakeCompute compute = new FakeCompute("cf-project", "europe-west1");
  final InMemoryProviderContext context =
      new InMemoryProviderContext()
          .configure("project", "cf-project")
          .configure("region", "europe-west1")
          .configure("endpoint", compute.endpoint().toString())
          .configure("credentials", "none")
          .configure("backoff_milliseconds", "1");
  final Map<String, Object> properties = new LinkedHashMap<>(Map.of("subnetwork_name", "cells"));
  private ProviderSession session;

  FakeProject() {
    compute.add(FakeSubnetwork.of("cf", "cells", PRIMARY).with("pods", PODS).withInternalIpv6(SIX));
    compute.add(
        FakeSubnetwork.of("cf", "public", IpPrefix.parse("10.1.0.0/20"))
            .withExternalIpv6(IpPrefix.parse("2001:db8:e::/64")));
    compute.add(FakeSubnetwork.of("old", "legacy", IpPrefix.parse("10.2.0.0/20")));
    define(PrefixChooser.DIRECTOR);
  }

  /** Defines networks for addresses, for /28s of the secondary range, and for /96s. */
  void define(PrefixChooser chooser) {
    context.define(
        NetworkSet.of(
            network("v4", Subnet.of(PRIMARY).gateway(PRIMARY.first().plus(1))),
            network("pods", Subnet.of(PODS).prefixLength(28).chooser(chooser)),
            network("v6", Subnet.of(SIX).prefixLength(96).chooser(chooser))));
  }

  Manual network(String name, Subnet.Builder subnet) {
    return new Manual(name, List.of(subnet.cloudProperties(properties).build()));
  }

  ProviderSession session() {
    if (session == null) {
      session = new GcpNetworkProvider().open(context);
    }
    return session;
  }

  /** Another foundation with a memory of its own. */
  InMemoryProviderContext anotherContext(String foundation) {
    InMemoryProviderContext other = new InMemoryProviderContext().define(context.networks());
    context.settings().forEach(other::configure);
    return other.configure("foundation", foundation);
  }

  void reopen() {
    session().close();
    session = null;
  }

  static NicBlock block(String network, String text) {
    return NicBlock.chosen(
        network, text.contains("/") ? IpPrefix.parse(text) : IpAddress.parse(text).toPrefix());
  }

  static NicBlock open(String network, IpFamily family, int length) {
    return NicBlock.toBeChosen(network, family, length);
  }

  NicRequest nic(String owner, NicBlock... blocks) {
    Map<String, Map<String, Object>> byNetwork = new LinkedHashMap<>();
    for (NicBlock block : blocks) {
      byNetwork.put(block.network(), properties);
    }
    return new NicRequest(new Owner(owner), "life-1", "0", null, Arrays.asList(blocks), byNetwork);
  }

  Attached attach(NicRequest request) {
    AttachOutcome outcome = session().attach(List.of(request)).get(0);
    if (outcome instanceof Failed failed) {
      throw new AssertionError(request + " was not attached", failed.failure());
    }
    return (Attached) outcome;
  }

  Failed fail(NicRequest request) {
    AttachOutcome outcome = session().attach(List.of(request)).get(0);
    assertThat(outcome).isInstanceOf(Failed.class);
    return (Failed) outcome;
  }

  List<AttachedNic> attached() {
    return session().attached(OwnerScope.ALL);
  }

  List<Address> addresses() {
    return compute.addresses().stream().map(text -> parsed(text, Address.class)).toList();
  }

  NetworkInterface nic0(String instance) {
    return parsed(compute.networkInterface(ZONE, instance), NetworkInterface.class);
  }

  static <T> T parsed(String json, Class<T> type) {
    try {
      return GsonFactory.getDefaultInstance().fromString(json, type);
    } catch (IOException e) {
      throw new UncheckedIOException(json, e);
    }
  }

  @Override
  public void close() {
    session().close();
    compute.close();
  }
}
