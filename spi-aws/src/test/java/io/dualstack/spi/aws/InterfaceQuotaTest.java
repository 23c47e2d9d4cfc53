package io.dualstack.spi.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.dualstack.Diagnostic;
import io.dualstack.Severity;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.net.IpPrefix;
import io.dualstack.testkit.cloud.FakeAnswer;
import io.dualstack.testkit.cloud.FakeRequest;
import io.dualstack.testkit.cloud.Fault;
import io.dualstack.testkit.cloud.aws.FakeServiceQuotas;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;

class InterfaceQuotaTest extends OpenSession {
  private static final String VPC = "vpc";
  private static final String INTERFACES = "L-DF5E4CA3";

  /** Where the SDK looks for Service Quotas if no setting says so. */
  private static final String SDK_ENDPOINT = "aws.endpointUrlServiceQuotas";

  private final FakeServiceQuotas quotas = new FakeServiceQuotas();

  @BeforeEach
  void use_quotas() {
    context.configure("quotas_endpoint", quotas.endpoint().toString());
    reopen();
  }

  @AfterEach
  void close_quotas() {
    quotas.close();
  }

  private void interfaces(String subnet, String... addresses) {
    for (String address : addresses) {
      ec2.networkInterface(subnet, Map.of(), IpPrefix.parse(address + "/32"));
    }
  }

  private List<Diagnostic> verify(NetworkSet networks) {
    return session.verify(networks).stream()
        .filter(finding -> finding.code().contains("Quota"))
        .toList();
  }

  private List<String> operations() {
    return quotas.requests().stream().map(InterfaceQuotaTest::operation).toList();
  }

  private static String operation(FakeRequest request) {
    return request.header("X-Amz-Target").orElseThrow().split("\\.")[1];
  }

  @Test
  void a_quota_with_room_is_no_finding() {
    quotas.quota(VPC, INTERFACES, 3);
    interfaces(FakeRegion.SUBNET, "10.64.8.1", "10.64.8.2");

    assertThat(verify(NETWORKS)).isEmpty();
    assertThat(operations()).containsExactly("GetServiceQuota");
  }

  @Test
  void a_quota_used_up_is_told_once_and_interfaces_are_listed_once() {
    quotas.quota(VPC, INTERFACES, 2);
    interfaces(FakeRegion.SUBNET, "10.64.8.1", "10.64.8.2");
    ec2.forgetRequests();

    assertThat(verify(NETWORKS))
        .extracting(Diagnostic::severity, Diagnostic::path, Diagnostic::code, Diagnostic::message)
        .containsExactly(
            tuple(
                Severity.WARNING,
                "networks.v4.subnets[0].cloud_properties.subnet",
                "InterfaceQuotaUsedUp",
                "the quota of 2 network interfaces (vpc, L-DF5E4CA3) is used up in eu-central-1a,"
                    + " so that no NIC can be added there; remove some, or have it raised"));
    assertThat(actions()).containsOnlyOnce("DescribeNetworkInterfaces");
  }

  @Test
  void each_zone_has_the_quota_for_itself() {
    quotas.quota(VPC, INTERFACES, 2);
    interfaces(FakeRegion.SUBNET, "10.64.8.1");
    interfaces(FakeRegion.OTHER_SUBNET, "10.64.24.1");
    NetworkSet both =
        NetworkSet.of(
            new Manual(
                "cells",
                List.of(
                    subnet(FakeRegion.IPV4).build(),
                    subnet(IpPrefix.parse("10.64.16.0/20"))
                        .cloudProperties(Map.of("subnet", FakeRegion.OTHER_SUBNET))
                        .build())));
    assertThat(verify(both)).as("two interfaces, of which one in each zone").isEmpty();

    interfaces(FakeRegion.OTHER_SUBNET, "10.64.24.2");

    assertThat(verify(both))
        .extracting(Diagnostic::path)
        .containsExactly("networks.cells.subnets[1].cloud_properties.subnet");
    assertThat(verify(NETWORKS)).as("networks in the zone with room").isEmpty();
  }

  @Test
  void an_account_without_a_value_of_its_own_has_the_default() {
    quotas.defaultQuota(VPC, INTERFACES, 1);
    interfaces(FakeRegion.SUBNET, "10.64.8.1");

    assertThat(verify(NETWORKS))
        .extracting(Diagnostic::code)
        .containsExactly("InterfaceQuotaUsedUp");
    assertThat(operations()).containsExactly("GetServiceQuota", "GetAWSDefaultServiceQuota");
  }

  @Test
  void a_throttled_question_is_asked_again() {
    quotas.quota(VPC, INTERFACES, 5);
    quotas.faults().next("GetServiceQuota", Fault.THROTTLED, Fault.THROTTLED);

    assertThat(verify(NETWORKS)).isEmpty();
    assertThat(operations()).hasSize(3);
  }

  private void assertUnknown(String... told) {
    assertThat(verify(NETWORKS))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.severity()).isEqualTo(Severity.WARNING);
              assertThat(finding.code()).isEqualTo("QuotaUnknown");
              assertThat(finding.path())
                  .isEqualTo("networks.v4.subnets[0].cloud_properties.subnet");
              assertThat(finding.message()).contains("isn't known").contains(told);
            });
  }

  @Test
  void who_may_not_ask_is_told_what_is_not_known() {
    quotas
        .faults()
        .next(
            "GetServiceQuota",
            new Fault.Answered(quotas.refusal("AccessDeniedException", "not authorized")));

    assertUnknown(
        "Service Quotas answered AccessDeniedException: not authorized",
        "allow the action in the identity's policy");
    assertThat(operations()).as("a refusal is not tried again").hasSize(1);
  }

  @Test
  void failures_end_after_as_many_tries_as_settings_say() {
    quotas.faults().allAfter(0, Fault.FAILED);

    assertUnknown("Service Quotas answered ServiceException", "ask again later");
    assertThat(operations()).hasSize(4);
  }

  @Test
  void a_service_that_is_not_there_is_told_with_the_setting() {
    quotas.close();

    assertUnknown("Service Quotas can't be reached", "check the setting \"quotas_endpoint\"");
  }

  @Test
  void an_answer_without_a_value_is_no_quota() {
    quotas
        .faults()
        .next("GetServiceQuota", new Fault.Answered(FakeAnswer.json(200, "{\"Quota\":{}}")));

    assertUnknown("Service Quotas has no value of vpc L-DF5E4CA3");
  }

  @Test
  void with_an_endpoint_of_ones_own_for_ec2_alone_nobody_is_asked() {
    System.setProperty(SDK_ENDPOINT, quotas.endpoint().toString());
    session.close();
    session = new AwsNetworkProvider().open(FakeRegion.context(ec2).define(NETWORKS));
    try {
      assertThat(verify(NETWORKS)).isEmpty();
      assertThat(quotas.requests()).isEmpty();
    } finally {
      System.clearProperty(SDK_ENDPOINT);
    }
  }

  @Test
  void without_a_subnet_that_is_there_nobody_is_asked() {
    NetworkSet nowhere =
        NetworkSet.of(
            new Manual(
                "cells",
                List.of(
                    subnet(FakeRegion.IPV4)
                        .cloudProperties(Map.of("subnet", "subnet-no"))
                        .build())));

    assertThat(verify(nowhere)).isEmpty();
    assertThat(quotas.requests()).isEmpty();
  }

  @Test
  void requests_are_as_the_model_says() {
    verify(NETWORKS);

    assertThat(operations()).containsExactly("GetServiceQuota", "GetAWSDefaultServiceQuota");
    for (FakeRequest request : quotas.requests()) {
      assertThat(parameters(request))
          .isEqualTo(Map.of("ServiceCode", VPC, "QuotaCode", INTERFACES));
      if (BotocoreModel.isThere()) {
        assertThat(
                BotocoreModel.of(BotocoreModel.SERVICE_QUOTAS)
                    .findings(operation(request), parameters(request)))
            .isEmpty();
      }
    }
  }

  private static Map<String, String> parameters(FakeRequest request) {
    return JsonNode.parser().parse(request.body()).asObject().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().text()));
  }
}
