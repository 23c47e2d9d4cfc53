package io.dualstack.impl.firewall.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.KernelException;
import io.dualstack.firewall.BackendKind;
import io.dualstack.firewall.ContainerEndpoint;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.firewall.SecurityGroupRule;
import io.dualstack.firewall.Traffic;
import io.dualstack.impl.firewall.FirewallBackend;
import io.dualstack.impl.metrics.RecordingMeters;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MeteredBackendTest {
  private static final Map<String, String> NFTABLES = Map.of("backend", "nftables");
  private static final ContainerFirewall A = container("a", 2, List.of(group(3), group(1)));
  private static final ContainerFirewall B = container("b", 3, List.of(group(2)));

  private final RecordingMeters meters = new RecordingMeters();
  private final FirewallMeters shared = new FirewallMeters(meters);
  private boolean refuses;
  private boolean restores;
  private final MeteredBackend backend = backend(BackendKind.NFTABLES);

  private MeteredBackend backend(BackendKind kind) {
    FirewallBackend kernel =
        (FirewallBackend)
            Proxy.newProxyInstance(
                FirewallBackend.class.getClassLoader(),
                new Class<?>[] {FirewallBackend.class},
                (proxy, method, arguments) -> {
                  if (refuses) {
                    throw new KernelException("nft", "no", null);
                  }
                  return method.getName().equals("restore") ? restores : null;
                });
    return new MeteredBackend(kernel, kind, shared);
  }

  private static SecurityGroup group(int rules) {
    IpSet one = IpSet.of(IpPrefix.parse("192.0.2.0/24").toRange());
    SecurityGroupRule rule = new SecurityGroupRule(new Traffic.All(), one, false, "");
    return new SecurityGroup("group", Collections.nCopies(rules, rule), Set.of());
  }

  private static ContainerFirewall container(String handle, int last, List<SecurityGroup> groups) {
    return ContainerFirewall.closed(
            new ContainerEndpoint(handle, "s-" + handle, IpAddress.parse("10.255.0." + last), null))
        .reaching(groups);
  }

  private void assertInForce(double containers, double rules) {
    assertThat(meters.gauges("firewallContainers")).containsEntry(NFTABLES, containers);
    assertThat(meters.gauges("firewallRules")).containsEntry(NFTABLES, rules);
  }

  @Test
  void every_change_is_timed_by_back_end_and_outcome() {
    backend.prepare();
    backend.put(A);
    backend.egress(A);
    backend.policies(PolicyRules.NONE);
    backend.restore(handle -> true);
    backend.remove(A.endpoint());
    backend.install(List.of(A), PolicyRules.NONE);
    refuses = true;
    assertThatThrownBy(() -> backend.put(B)).isInstanceOf(KernelException.class);

    assertThat(meters.timed("firewallApply"))
        .extracting(labels -> labels.get("change") + " " + labels.get("outcome"))
        .containsExactly(
            "prepare ok",
            "put ok",
            "egress ok",
            "policies ok",
            "restore ok",
            "remove ok",
            "install ok",
            "put failed");
    assertThat(meters.timed("firewallApply"))
        .allSatisfy(labels -> assertThat(labels).containsEntry("backend", "nftables"));
  }

  @Test
  void rules_are_counted_as_containers_come_change_and_go() {
    backend.put(A);
    assertInForce(1, 4);
    backend.put(B);
    assertInForce(2, 6);
    backend.egress(A.reaching(List.of(group(1))));
    assertInForce(2, 3);
    backend.remove(B.endpoint());
    assertInForce(1, 1);
    backend.remove(B.endpoint());
    assertInForce(1, 1);
    backend.policies(policies());
    assertInForce(1, 3);
    backend.policies(PolicyRules.NONE);
    assertInForce(1, 1);
    backend.install(List.of(A, B), policies());
    assertInForce(2, 8);
    backend.restore(handle -> handle.equals("b"));
    assertInForce(1, 4);
  }

  @Test
  void what_the_kernel_refused_is_not_counted() {
    backend.put(A);
    refuses = true;
    assertThatThrownBy(() -> backend.remove(A.endpoint())).isInstanceOf(KernelException.class);
    assertThatThrownBy(() -> backend.put(B)).isInstanceOf(KernelException.class);

    assertInForce(1, 4);
  }

  @Test
  void back_ends_of_one_kind_are_counted_together_until_they_are_closed() {
    MeteredBackend second = backend(BackendKind.NFTABLES);
    MeteredBackend other = backend(BackendKind.IPTABLES);
    backend.put(A);
    backend.policies(policies());
    second.put(B);
    other.put(B);
    assertInForce(2, 8);
    assertThat(meters.gauges("firewallRules")).containsEntry(Map.of("backend", "iptables"), 2.0);

    backend.forget();
    assertInForce(1, 2);
    backend.remove(A.endpoint());
    backend.put(A);
    assertInForce(1, 2);
  }

  @Test
  void rules_that_somebody_took_away_are_an_event() {
    backend.restore(handle -> true);
    assertThat(meters.counted("firewallRestored")).isZero();

    restores = true;
    backend.restore(handle -> true);

    assertThat(meters.counted("firewallRestored")).isEqualTo(1);
  }

  private static PolicyRules policies() {
    return new PolicyRules(
        List.of(),
        List.of(
            new PolicyRules.Source("app-a", IpAddress.parse("10.255.0.2"), 1),
            new PolicyRules.Source("app-b", IpAddress.parse("10.255.0.3"), 2)),
        List.of(),
        false);
  }
}
