package io.dualstack.impl.director.bosh;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.Severity;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.director.Deployment;
import io.dualstack.director.DeploymentFiles;
import io.dualstack.net.IpSet;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;

class BoshReaderProperties {

  private static final List<String> PIECES =
      List.of(
          ": ",
          "- ",
          "  ",
          "\n",
          "\t",
          "[",
          "]",
          "{",
          "}",
          "&a ",
          "*a",
          "<<: *a\n",
          "|",
          ">",
          "'",
          "\"",
          "#",
          "!!str ",
          "!x ",
          "%",
          "@",
          "?",
          ",",
          "::",
          "/",
          "-",
          "0",
          "9",
          "~",
          "yes",
          "((x))",
          "name",
          "networks",
          "subnets:\n",
          "static",
          "\u0000",
          "\ud83d\ude00",
          "\ud800",
          "2001:db8::",
          "10.0.0.1",
          "128",
          "-1",
          "9999999999999999999",
          "\r\n",
          "---\n",
          "...\n");

  @Property
  void a_valid_cloud_config_survives_its_yaml(@ForAll long seed) {
    Random random = new Random(seed);
    NetworkSet networks = new RandomCloudConfig(random).networks();
    String text = YamlRendering.of(networks, random);

    Deployment read = Annotated.read(text, null);

    assertThat(read.networks()).as(text).isEqualTo(networks);
    assertThat(read.warnings())
        .as(text)
        .allMatch(warning -> warning.code().equals("NetworkPrefixLeavesNoBlocks"));
  }

  @Property(tries = 1_000)
  void whatever_is_changed_in_a_file_it_is_read_or_refused_with_reasons(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int changes) {
    Random random = new Random(seed);
    String config = YamlRendering.of(new RandomCloudConfig(random).networks(), random);
    String manifest =
        """
        name: cf
        base: &a {instances: 2, azs: [z1]}
        instance_groups:
        - <<: *a
          name: g
          env: {bosh: {ipv6: {enable: true}}}
          networks:
          - {name: network0, default: [dns, gateway], nic_group: 1, static_ips: [10.0.0.5-10.0.0.6]}
          - {name: network1, ipv6_prefix_delegation_size: 96, nic_group: 1}
        """;

    String changedConfig = random.nextBoolean() ? changed(config, random, changes) : config;
    String changedManifest = random.nextBoolean() ? changed(manifest, random, changes) : manifest;

    readOrRefuse(changedConfig, changedManifest);
  }

  @Property
  void no_text_at_all_does_anything_else(
      @ForAll
          @AlphaChars
          @NumericChars
          @Chars({':', '-', ' ', '\n', '[', ']', '{', '}', '*', '&', '<', '"', '\'', '.', '/', '!'})
          @StringLength(max = 60)
          String text) {
    readOrRefuse(text, null);
    readOrRefuse("networks:\n- name: a\n  subnets:\n  - range: " + text, text);
  }

  private static void readOrRefuse(String config, String manifest) {
    try {
      Deployment read = new BoshReader().read(DeploymentFiles.of(config, manifest), IpSet.empty());
      assertThat(read.warnings()).allMatch(found -> found.severity() == Severity.WARNING);
    } catch (InvalidConfigurationException refused) {
      assertThat(refused.diagnostics()).anyMatch(found -> found.severity() == Severity.ERROR);
      refused.diagnostics().forEach(found -> check(found, config, manifest));
    }
  }

  private static void check(Diagnostic found, String config, String manifest) {
    String file = found.source().equals("manifest") ? manifest : config;
    assertThat(found.code()).matches("[A-Za-z0-9]+");
    assertThat(found.message()).isNotBlank().doesNotContain("\n").hasSizeLessThan(600);
    assertThat((long) found.line()).isBetween(0L, file.chars().filter(c -> c == '\n').count() + 2);
  }

  private static String changed(String text, Random random, int changes) {
    StringBuilder changed = new StringBuilder(text);
    for (int i = 0; i < changes && changed.length() > 1; i++) {
      int at = random.nextInt(changed.length());
      int end = Math.min(changed.length(), at + 1 + random.nextInt(12));
      switch (random.nextInt(4)) {
        case 0 -> changed.delete(at, end);
        case 1 -> changed.insert(at, PIECES.get(random.nextInt(PIECES.size())));
        case 2 -> changed.replace(at, end, PIECES.get(random.nextInt(PIECES.size())));
        default -> changed.insert(random.nextInt(changed.length()), changed.substring(at, end));
      }
    }
    return changed.toString();
  }
}
