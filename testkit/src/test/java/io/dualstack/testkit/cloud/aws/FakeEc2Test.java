package io.dualstack.testkit.cloud.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.net.IpPrefix;
import io.dualstack.testkit.cloud.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FakeEc2Test {
  private static final String CREATE = "Action=CreateNetworkInterface SubnetId=subnet-1";

  private final FakeEc2 ec2 =
      new FakeEc2()
          .subnet(
              "subnet-1",
              "vpc-1",
              "zone-a",
              IpPrefix.parse("10.0.0.0/24"),
              IpPrefix.parse("2001:db8::/64"))
          .subnet("subnet-2", "vpc-2", "zone-b", IpPrefix.parse("10.0.1.0/24"))
          .securityGroup("sg-1", "vpc-1", "cells")
          .securityGroup("sg-2", "vpc-2", "routers");

  @AfterEach
  void close() {
    ec2.close();
  }

  private record Answer(int statusCode, String body) {}

  private Answer send(String parameters, boolean isSigned) {
    String form =
        List.of((parameters + " Version=2016-11-15").split(" ")).stream()
            .map(
                parameter -> {
                  int equals = parameter.indexOf('=');
                  return parameter.substring(0, equals + 1)
                      + URLEncoder.encode(parameter.substring(equals + 1), StandardCharsets.UTF_8);
                })
            .collect(Collectors.joining("&"));
    try {
      HttpURLConnection connection =
          (HttpURLConnection) ec2.endpoint().resolve("/").toURL().openConnection();
      if (isSigned) {
        connection.setRequestProperty(
            "Authorization", "AWS4-HMAC-SHA256 Credential=A/20260101/r/ec2/aws4_request");
      }
      connection.setDoOutput(true);
      connection.getOutputStream().write(form.getBytes(StandardCharsets.UTF_8));
      int status = connection.getResponseCode();
      try (InputStream body =
          status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
        return new Answer(status, new String(body.readAllBytes(), StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String ask(String parameters) {
    Answer answer = send(parameters, true);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  private String refused(String parameters) {
    Answer answer = send(parameters, true);
    assertThat(answer.statusCode()).as(answer.body()).isGreaterThanOrEqualTo(400);
    return one(answer.body(), "Code");
  }

  private static String one(String xml, String element) {
    Matcher matcher = Pattern.compile("<" + element + ">([^<]*)<").matcher(xml);
    assertThat(matcher.find()).as("%s in %s", element, xml).isTrue();
    return matcher.group(1);
  }

  private String create(String more) {
    return one(ask(CREATE + (more.isEmpty() ? "" : " " + more)), "networkInterfaceId");
  }

  @Test
  void what_is_made_is_described() {
    String id =
        create(
            "PrivateIpAddress=10.0.0.9 Ipv6Addresses.1.Ipv6Address=2001:db8::9 SecurityGroupId.1=sg-1"
                + " TagSpecification.1.ResourceType=network-interface"
                + " TagSpecification.1.Tag.1.Key=a TagSpecification.1.Tag.1.Value=<&>");
    ask(
        "Action=AssignIpv6Addresses NetworkInterfaceId="
            + id
            + " Ipv6Prefix.1=2001:db8:0:0:1::/80");

    String seen = ask("Action=DescribeNetworkInterfaces NetworkInterfaceId.1=" + id);

    assertThat(seen)
        .contains("<privateIpAddress>10.0.0.9</privateIpAddress><primary>true</primary>")
        .contains("<ipv6Address>2001:db8::9</ipv6Address>")
        .contains("<ipv6Prefix>2001:db8:0:0:1::/80</ipv6Prefix>")
        .contains("<key>a</key><value>&lt;&amp;&gt;</value>")
        .contains("<groupId>sg-1</groupId>")
        .contains("<status>available</status>");
    assertThat(ec2.networkInterfaces())
        .containsExactly(
            new FakeNetworkInterface(
                id,
                "subnet-1",
                List.of("sg-1"),
                List.of(
                    IpPrefix.parse("10.0.0.9/32"),
                    IpPrefix.parse("2001:db8::9/128"),
                    IpPrefix.parse("2001:db8:0:0:1::/80")),
                Map.of("a", "<&>"),
                ""));
  }

  @ParameterizedTest
  @CsvSource({
    "Colour=red, UnknownParameter",
    "PrivateIpAddress=10.0.0.3, InvalidParameterValue",
    "PrivateIpAddress=10.0.0.255, InvalidParameterValue",
    "PrivateIpAddress=10.0.1.9, InvalidParameterValue",
    "PrivateIpAddress=ten, InvalidParameterValue",
    "PrivateIpAddress=10.0.0.9 Ipv4Prefix.1.Ipv4Prefix=10.0.0.16/28, InvalidParameterCombination",
    "Ipv4Prefix.1.Ipv4Prefix=10.0.0.0/28, InvalidParameterValue",
    "Ipv4Prefix.1.Ipv4Prefix=10.0.0.16/27, InvalidParameterValue",
    "Ipv4Prefix.1.Ipv4Prefix=10.0.0.8/28, InvalidParameterValue",
    "Ipv6Prefix.1.Ipv6Prefix=2001:db8:0:0:1::/96, InvalidParameterValue",
    "Ipv6Prefix.1.Ipv6Prefix=2001:db8:0:1::/80, InvalidParameterValue",
    "Ipv6AddressCount=1 Ipv6PrefixCount=1, InvalidParameterCombination",
    "Ipv4PrefixCount=17, InsufficientCidrBlocks",
    "SecurityGroupId.1=sg-no, InvalidGroup.NotFound",
    "SecurityGroupId.1=sg-2, InvalidParameter",
    "TagSpecification.1.ResourceType=instance, InvalidParameterValue",
    "DryRun=true, DryRunOperation",
    "DryRun=maybe, InvalidParameterValue"
  })
  void what_breaks_a_rule_is_refused(String parameters, String code) {
    assertThat(refused(CREATE + " " + parameters)).isEqualTo(code);
    assertThat(ec2.networkInterfaces()).isEmpty();
  }

  @Test
  void what_is_in_use_is_refused() {
    create("PrivateIpAddress=10.0.0.9 Ipv6Prefix.1.Ipv6Prefix=2001:db8:0:0:1::/80");

    assertThat(refused(CREATE + " PrivateIpAddress=10.0.0.9")).isEqualTo("InvalidIPAddress.InUse");
    assertThat(refused(CREATE + " Ipv6Addresses.1.Ipv6Address=2001:db8:0:0:1::5"))
        .isEqualTo("InvalidIPAddress.InUse");
  }

  @Test
  void limits_and_quotas_are_held() {
    ec2.limitPerInterface(2);
    ec2.quota(1);
    String id = create("PrivateIpAddress=10.0.0.9");

    assertThat(
            refused("Action=AssignPrivateIpAddresses Ipv4PrefixCount=2 NetworkInterfaceId=" + id))
        .isEqualTo("PrivateIpAddressLimitExceeded");
    assertThat(refused(CREATE)).isEqualTo("NetworkInterfaceLimitExceeded");
  }

  @Test
  void one_token_makes_one_interface() {
    String id = create("ClientToken=abc PrivateIpAddress=10.0.0.9");

    assertThat(create("ClientToken=abc PrivateIpAddress=10.0.0.9")).isEqualTo(id);
    assertThat(refused(CREATE + " ClientToken=abc")).isEqualTo("IdempotentParameterMismatch");
    assertThat(ec2.networkInterfaces()).hasSize(1);
  }

  @Test
  void pages_end_and_go_on() {
    for (int i = 0; i < 7; i++) {
      create("");
    }
    String describe = "Action=DescribeNetworkInterfaces MaxResults=5";

    String first = ask(describe);
    String second = ask(describe + " NextToken=" + one(first, "nextToken"));

    assertThat(first.split("<networkInterfaceId>", -1)).hasSize(1 + 5);
    assertThat(second.split("<networkInterfaceId>", -1)).hasSize(1 + 2);
    assertThat(second).doesNotContain("nextToken");
    assertThat(
            refused(
                describe
                    + " Filter.1.Name=subnet-id Filter.1.Value.1=subnet-1 NextToken="
                    + one(first, "nextToken")))
        .isEqualTo("InvalidPaginationToken");
    assertThat(refused("Action=DescribeNetworkInterfaces MaxResults=4"))
        .isEqualTo("InvalidParameterValue");
  }

  @Test
  void filters_know_patterns_and_literals() {
    String tag =
        " TagSpecification.1.ResourceType=network-interface TagSpecification.1.Tag.1.Key=o"
            + " TagSpecification.1.Tag.1.Value=";
    String star = create(tag.strip() + "c*");
    String cell = create(tag.strip() + "cell");
    String describe = "Action=DescribeNetworkInterfaces Filter.1.Name=tag:o Filter.1.Value.1=";

    assertThat(ask(describe + "c*")).contains(star, cell);
    assertThat(ask(describe + "c\\*")).contains(star).doesNotContain(cell);
    assertThat(refused("Action=DescribeNetworkInterfaces Filter.1.Name=no Filter.1.Value.1=1"))
        .isEqualTo("InvalidParameterValue");
  }

  @Test
  void changes_show_late_when_told_to() {
    ec2.lag(2);
    String id = create("");
    String describe = "Action=DescribeNetworkInterfaces NetworkInterfaceId.1=" + id;

    assertThat(refused(describe)).isEqualTo("InvalidNetworkInterfaceID.NotFound");
    assertThat(refused("Action=AssignIpv6Addresses Ipv6PrefixCount=1 NetworkInterfaceId=" + id))
        .isEqualTo("InvalidNetworkInterfaceID.NotFound");
    assertThat(refused(describe)).isEqualTo("InvalidNetworkInterfaceID.NotFound");
    assertThat(ask(describe)).contains(id);
    ask("Action=DeleteNetworkInterface NetworkInterfaceId=" + id);
    assertThat(ask(describe)).contains(id);
    assertThat(ask(describe)).contains(id);
    assertThat(refused(describe)).isEqualTo("InvalidNetworkInterfaceID.NotFound");
  }

  @Test
  void an_attached_interface_is_detached_before_it_is_deleted() {
    String id = create("");
    String delete = "Action=DeleteNetworkInterface NetworkInterfaceId=" + id;
    ec2.attach(id, "i-1", 0);
    String described = ask("Action=DescribeNetworkInterfaces NetworkInterfaceId.1=" + id);
    String detach = "Action=DetachNetworkInterface AttachmentId=" + one(described, "attachmentId");

    assertThat(refused(delete)).isEqualTo("InvalidNetworkInterface.InUse");
    assertThat(refused(detach)).isEqualTo("OperationNotPermitted");
    ec2.attach(id, "i-1", 1);
    described = ask("Action=DescribeNetworkInterfaces NetworkInterfaceId.1=" + id);
    ask("Action=DetachNetworkInterface AttachmentId=" + one(described, "attachmentId"));
    assertThat(ask("Action=DescribeNetworkInterfaces")).contains("detaching");
    ask(delete);

    assertThat(ec2.networkInterfaces()).isEmpty();
  }

  @Test
  void the_primary_address_stays() {
    String id = create("PrivateIpAddress=10.0.0.9");

    assertThat(
            refused(
                "Action=UnassignPrivateIpAddresses PrivateIpAddress.1=10.0.0.9 NetworkInterfaceId="
                    + id))
        .isEqualTo("InvalidParameterValue");
  }

  @Test
  void tags_come_and_go() {
    String id = ec2.networkInterface("subnet-1", Map.of("a", "1"), IpPrefix.parse("10.0.0.9/32"));

    ask("Action=CreateTags ResourceId.1=" + id + " Tag.1.Key=b Tag.1.Value=2");
    ask("Action=DeleteTags ResourceId.1=" + id + " Tag.1.Key=a");

    assertThat(ec2.networkInterfaces().get(0).tags()).containsExactly(Map.entry("b", "2"));
    assertThat(refused("Action=CreateTags ResourceId.1=" + id + " Tag.1.Key=aws:x Tag.1.Value=2"))
        .isEqualTo("InvalidParameterValue");
  }

  @Test
  void requests_are_signed_and_known_and_not_too_many() {
    assertThat(one(send("Action=DescribeSubnets", false).body(), "Code"))
        .isEqualTo("MissingAuthenticationToken");
    assertThat(refused("Action=RunInstances")).isEqualTo("InvalidAction");
    ec2.faults().next("DescribeSubnets", Fault.THROTTLED, Fault.FAILED);
    assertThat(refused("Action=DescribeSubnets")).isEqualTo("RequestLimitExceeded");
    assertThat(refused("Action=DescribeSubnets")).isEqualTo("InternalError");
    assertThat(ask("Action=DescribeSubnets")).contains("subnet-1", "subnet-2");
    assertThat(ask("Action=DescribeSecurityGroups GroupName.1=cells"))
        .contains("sg-1")
        .doesNotContain("sg-2");
  }
}
