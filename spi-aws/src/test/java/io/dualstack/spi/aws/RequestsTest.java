package io.dualstack.spi.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dualstack.net.IpFamily;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicBlock;
import io.dualstack.testkit.cloud.FakeRequest;
import io.dualstack.testkit.cloud.aws.FakeServiceQuotas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The requests that the provider makes, in the order it makes them, held in files under {@code
 * src/test/resources/requests}, and each checked against the service's own model. With {@code
 * -Dgolden.update} the files are written anew.
 *
 * <p>The model comes from the SDK's request classes; from botocore as well where Debian's package
 * {@code python3-botocore} is installed, which knows what is required and which values there are.
 */
class RequestsTest extends OpenSession {
  private final List<FakeRequest> recorded = new ArrayList<>();

  private void record(String name) throws IOException {
    String text = text();
    recorded.addAll(ec2.requests());
    ec2.forgetRequests();
    Path file = RecordedRequests.FILES.resolve(name + ".txt");
    if (System.getProperty("golden.update") != null) {
      Files.createDirectories(RecordedRequests.FILES);
      Files.writeString(file, text);
    }
    assertThat(text).as("requests of %s", file).isEqualTo(Files.readString(file));
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (FakeRequest request : ec2.requests()) {
      Map<String, String> parameters = RecordedRequests.parameters(request);
      text.append(RecordedRequests.action(request)).append('\n');
      parameters.computeIfPresent("ClientToken", (name, token) -> "<32 hexadecimal digits>");
      parameters.computeIfPresent("NextToken", (name, token) -> "<of the page before>");
      parameters.forEach(
          (name, value) -> text.append("  ").append(name).append(" = ").append(value).append('\n'));
    }
    return text.toString();
  }

  @AfterEach
  void every_request_is_in_the_model() {
    assertThat(recorded).isNotEmpty();
    RecordedRequests.assertInModel(recorded);
  }

  @Test
  void an_address_of_each_family_and_a_prefix() throws IOException {
    attach(request("cf/cell/0", ADDRESS, IPV6_ADDRESS, PREFIX));

    record("attach");
  }

  @Test
  void the_same_again() throws IOException {
    attach(request("cf/cell/0", ADDRESS, IPV6_ADDRESS, PREFIX));
    ec2.forgetRequests();

    attach(request("cf/cell/0", ADDRESS, IPV6_ADDRESS, PREFIX));

    record("attach-again");
  }

  @Test
  void prefixes_alone_are_in_the_call_that_makes_the_interface() throws IOException {
    attach(request("cf/cell/0", IPV4_PREFIX, PREFIX));

    record("attach-prefixes");
  }

  @Test
  void prefixes_of_ec2s_choice() throws IOException {
    attach(request("cf/cell/0", ADDRESS, OPEN_IPV4, OPEN));

    record("attach-open");
  }

  @Test
  void groups_by_name() throws IOException {
    attach(
        request(
            "cf/cell/0",
            Map.of("subnet", FakeRegion.SUBNET, "security_groups", List.of("cells")),
            ADDRESS));

    record("attach-groups-by-name");
  }

  @Test
  void another_prefix() throws IOException {
    attach(request("cf/cell/0", ADDRESS, OTHER_ADDRESS, IPV4_PREFIX, IPV6_ADDRESS, PREFIX));
    ec2.forgetRequests();

    attach(request("cf/cell/0", ADDRESS, OTHER_PREFIX));

    record("change");
  }

  @Test
  void more_on_an_interface_that_is_there() throws IOException {
    attach(request("cf/cell/0", ADDRESS));
    ec2.forgetRequests();
    attach(request("cf/cell/0", ADDRESS, OTHER_ADDRESS, IPV4_PREFIX, IPV6_ADDRESS));
    record("change-more");
  }

  @Test
  void addresses_of_ec2s_choice() throws IOException {
    attach(
        request(
            "cf/cell/0",
            ADDRESS,
            NicBlock.toBeChosen("v4", IpFamily.IPV4, 32),
            NicBlock.toBeChosen("v6", IpFamily.IPV6, 128)));
    record("attach-open-addresses");
  }

  @Test
  void looking_page_by_page() throws IOException {
    attach(request("cf/cell/0", ADDRESS));
    attach(request("cf/cell/1", OTHER_ADDRESS));
    context.configure("security_groups", FakeRegion.GROUP + ",sg-0456cdef");
    reopen();
    ec2.limitPages(1);
    ec2.forgetRequests();
    session.pools();
    session.verify(NETWORKS);
    record("look-pages");
  }

  @Test
  void how_many_interfaces_there_are_for_the_quota() throws IOException {
    try (FakeServiceQuotas quotas =
        new FakeServiceQuotas().quota(InterfaceQuota.SERVICE, InterfaceQuota.CODE, 5000)) {
      context.configure("quotas_endpoint", quotas.endpoint().toString());
      reopen();
      session.verify(NETWORKS);
    }
    record("look-quota");
  }

  @Test
  void another_primary_address() throws IOException {
    attach(request("cf/cell/0", ADDRESS, PREFIX));
    ec2.forgetRequests();

    attach(request("cf/cell/0", OTHER_ADDRESS, PREFIX));

    record("replace");
  }

  @Test
  void detaching_from_a_machine() throws IOException {
    AttachedNic nic = attach(request("cf/cell/0", ADDRESS)).nic();
    ec2.attach(nic.id(), "i-0123", 1);
    ec2.forgetRequests();

    session.detach(List.of(nic));

    record("detach");
  }

  @Test
  void adopting_and_giving_back() throws IOException {
    ec2.networkInterface(FakeRegion.SUBNET, Map.of(), block("10.64.0.16"));
    context.configure("adopt", "true");
    reopen();

    AttachedNic nic = attach(request("cf/cell/0", ADDRESS, PREFIX)).nic();
    session.detach(List.of(nic));

    record("adopt");
  }

  @Test
  void looking() throws IOException {
    attached();
    session.pools();
    session.verify(NETWORKS);

    record("look");
  }

  @Test
  void botocore_knows_a_wrong_request() {
    ec2.forgetRequests();
    session.pools();
    recorded.addAll(ec2.requests());
    assumeTrue(BotocoreModel.isThere(), "python3-botocore is not installed");
    BotocoreModel model = BotocoreModel.of(BotocoreModel.EC2);

    assertThat(model.findings("CreateNetworkInterface", Map.of("Subnet", "a")))
        .containsExactlyInAnyOrder(
            "CreateNetworkInterface: SubnetId is missing",
            "CreateNetworkInterface: Subnet is no parameter");
    assertThat(model.findings("DescribeNetworkInterfaces", Map.of("MaxResults", "4")))
        .containsExactly("DescribeNetworkInterfaces: MaxResults = 4 is out of bounds");
    assertThat(
            model.findings(
                "CreateNetworkInterface",
                Map.of("SubnetId", "a", "TagSpecification.1.ResourceType", "nic")))
        .containsExactly(
            "CreateNetworkInterface: TagSpecification.1.ResourceType = nic is none of them");
  }

  @Test
  void the_sdk_knows_a_wrong_request() {
    session.pools();
    recorded.addAll(ec2.requests());

    assertThat(
            SdkModel.findings(
                "CreateNetworkInterface",
                Map.of("Subnet", "a", "Ipv6PrefixCount", "one", "Ipv6Prefix.1.Ipv6Prefix", "a")))
        .containsExactlyInAnyOrder(
            "CreateNetworkInterface: Subnet is no parameter",
            "CreateNetworkInterface: Ipv6PrefixCount = one is no Integer");
  }
}
