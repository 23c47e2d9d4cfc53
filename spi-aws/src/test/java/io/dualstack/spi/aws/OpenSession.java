package io.dualstack.spi.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.ProviderException;
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
import io.dualstack.testkit.cloud.FakeRequest;
import io.dualstack.testkit.cloud.aws.FakeEc2;
import io.dualstack.testkit.cloud.aws.FakeNetworkInterface;
import io.dualstack.testkit.provider.InMemoryProviderContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** A session over a fake EC2 with networks as a foundation has them, and the steps of tests. */
abstract class OpenSession {
  static final NicBlock ADDRESS = chosen("v4", "10.64.0.16/32");
  static final NicBlock OTHER_ADDRESS = chosen("v4", "10.64.0.17/32");
  static final NicBlock IPV6_ADDRESS = chosen("v6", "2001:db8:64::1000/128");
  static final NicBlock PREFIX = chosen("cells", "2001:db8:64:0:9::/80");
  static final NicBlock OTHER_PREFIX = chosen("cells", "2001:db8:64:0:a::/80");
  static final NicBlock IPV4_PREFIX = chosen("blocks", "10.64.4.0/28");
  static final NicBlock OPEN = NicBlock.toBeChosen("cells", IpFamily.IPV6, 80);
  static final NicBlock OPEN_IPV4 = NicBlock.toBeChosen("blocks", IpFamily.IPV4, 28);

  static final NetworkSet NETWORKS =
      NetworkSet.of(
          new Manual("v4", List.of(subnet(FakeRegion.IPV4).build())),
          new Manual("blocks", List.of(subnet(FakeRegion.IPV4).prefixLength(28).build())),
          new Manual("v6", List.of(subnet(FakeRegion.IPV6).build())),
          new Manual(
              "cells",
              List.of(
                  subnet(FakeRegion.IPV6)
                      .prefixLength(80)
                      .chooser(PrefixChooser.PROVIDER)
                      .build())));

  final FakeEc2 ec2 = FakeRegion.start();
  final InMemoryProviderContext context = FakeRegion.context(ec2).define(NETWORKS);
  ProviderSession session = new AwsNetworkProvider().open(context);

  static Subnet.Builder subnet(IpPrefix range) {
    return Subnet.of(range).cloudProperties(FakeRegion.PROPERTIES);
  }

  static NicBlock chosen(String network, String block) {
    return NicBlock.chosen(network, IpPrefix.parse(block));
  }

  static IpPrefix block(String text) {
    return text.contains("/") ? IpPrefix.parse(text) : IpAddress.parse(text).toPrefix();
  }

  @AfterEach
  void close() {
    session.close();
    RecordedRequests.assertRecorded(ec2.requests());
    ec2.close();
  }

  void reopen() {
    session.close();
    session = new AwsNetworkProvider().open(context);
  }

  static NicRequest request(String owner, NicBlock... blocks) {
    return request(owner, FakeRegion.PROPERTIES, blocks);
  }

  static NicRequest request(String owner, Map<String, Object> properties, NicBlock... blocks) {
    Map<String, Map<String, Object>> byNetwork = new LinkedHashMap<>();
    for (NicBlock block : blocks) {
      byNetwork.put(block.network(), properties);
    }
    return new NicRequest(new Owner(owner), "1", "0", null, List.of(blocks), byNetwork);
  }

  Attached attach(NicRequest request) {
    AttachOutcome outcome = session.attach(List.of(request)).get(0);
    if (outcome instanceof Failed failed) {
      throw new AssertionError("was not attached", failed.failure());
    }
    return (Attached) outcome;
  }

  ProviderException fail(NicRequest request) {
    AttachOutcome outcome = session.attach(List.of(request)).get(0);
    assertThat(outcome).isInstanceOf(Failed.class);
    return ((Failed) outcome).failure();
  }

  List<AttachedNic> attached() {
    return session.attached(OwnerScope.ALL);
  }

  FakeNetworkInterface only() {
    List<FakeNetworkInterface> all = ec2.networkInterfaces();
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  /** The actions that were asked for since requests were last forgotten. */
  List<String> actions() {
    List<String> actions = new ArrayList<>();
    for (FakeRequest request : ec2.requests()) {
      actions.add(request.form().get("Action").get(0));
    }
    return actions;
  }
}
