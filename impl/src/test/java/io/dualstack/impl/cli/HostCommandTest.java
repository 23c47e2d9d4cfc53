package io.dualstack.impl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class HostCommandTest {
  @TempDir private Path folder;
  private Path root;
  private Path out;
  private final StringWriter printed = new StringWriter();
  private final StringWriter refused = new StringWriter();

  @BeforeEach
  void an_image_and_a_place_to_write() throws IOException {
    root = Files.createDirectory(folder.resolve("image"));
    out = folder.resolve("out");
  }

  @Test
  void a_host_that_is_right_is_said_to_be() {
    assertThat(run("check")).isZero();

    assertThat(printed.toString()).contains("Nothing keeps this host from IPv6.");
    assertThat(refused.toString()).isEmpty();
  }

  @Test
  void what_is_wrong_is_a_table_and_exit_code_1() throws IOException {
    turnOff();

    assertThat(run("check")).isEqualTo(1);

    assertThat(printed.toString())
        .contains("kernel: none runs here")
        .containsPattern("WHERE +IS +SHOULD BE +WHY")
        .containsPattern("/boot/grub/grub.cfg:1 +ipv6.disable=1 +no ipv6.disable +the kernel")
        .contains("/etc/sysctl.conf:1");
  }

  @Test
  void as_json_it_is_one_document() throws IOException {
    turnOff();

    assertThat(run("check", "--json")).isEqualTo(1);

    JsonNode document = new ObjectMapper().readTree(printed.toString());
    assertThat(document.path("kernel").isNull()).isTrue();
    assertThat(document.path("reboot").asBoolean(true)).isFalse();
    assertThat(document.path("findings")).hasSize(2);
    assertThat(document.at("/findings/0/where").asText()).isEqualTo("/boot/grub/grub.cfg:1");
    assertThat(document.at("/findings/0/is").asText()).isEqualTo("ipv6.disable=1");
    assertThat(document.at("/findings/0/should_be").asText()).isEqualTo("no ipv6.disable");
    assertThat(document.at("/findings/0/why").asText()).isNotEmpty();
    assertThat(document.path("files")).hasSize(3);
  }

  @Test
  void a_kernel_without_ipv6_must_be_started_again() throws IOException {
    write("proc/cmdline", "ro ipv6.disable=1\n");
    write("sys/module/ipv6/parameters/disable", "1\n");

    assertThat(run("check", "--json")).isEqualTo(1);

    JsonNode document = new ObjectMapper().readTree(printed.toString());
    assertThat(document.at("/kernel/state").asText()).isEqualTo("disabled_at_boot");
    assertThat(document.path("reboot").asBoolean()).isTrue();
  }

  @Test
  void files_are_written_as_they_lie_on_the_host_and_steps_are_told() throws IOException {
    turnOff();

    assertThat(run("render", "--out", out.toString())).isZero();

    assertThat(tree(out))
        .containsOnlyKeys(
            "boot/grub/grub.cfg", "etc/sysctl.conf", "etc/sysctl.d/99-zz-dualstack-ipv6.conf")
        .containsEntry("boot/grub/grub.cfg", "linux /vmlinuz ro\n");
    assertThat(printed.toString())
        .contains("do: cp -R " + out + "/. " + root)
        .contains("No reboot is needed.");
  }

  @Test
  void nothing_outside_of_the_directory_is_changed() throws IOException {
    turnOff();
    TreeMap<String, String> before = tree(root);

    assertThat(run("render", "--out", out.toString())).isZero();

    assertThat(tree(root)).isEqualTo(before);
    try (Stream<Path> beside = Files.list(folder)) {
      assertThat(beside).containsExactlyInAnyOrder(root, out);
    }
  }

  @Test
  void where_nothing_is_wrong_nothing_is_written() {
    assertThat(run("render", "--out", out.toString())).isZero();

    assertThat(out).doesNotExist();
  }

  @Test
  void once_the_files_are_in_place_there_is_no_more_to_write() throws IOException {
    turnOff();
    assertThat(run("render", "--out", out.toString())).isZero();
    for (var file : tree(out).entrySet()) {
      write(file.getKey(), file.getValue());
    }

    assertThat(run("check")).isZero();
    assertThat(run("render", "--out", folder.resolve("again").toString())).isZero();
    assertThat(folder.resolve("again")).doesNotExist();
  }

  @Test
  void an_empty_directory_is_taken_and_one_with_files_is_refused_untouched() throws IOException {
    turnOff();
    Files.createDirectory(out);
    assertThat(run("render", "--out", out.toString())).isZero();
    TreeMap<String, String> before = tree(out);

    assertThat(run("render", "--out", out.toString())).isEqualTo(1);

    assertThat(refused.toString()).contains("has files in it").doesNotContain("\tat ");
    assertThat(tree(out)).isEqualTo(before);
  }

  @Test
  void what_can_not_be_written_leaves_nothing_behind() throws IOException {
    turnOff();
    out = Files.writeString(folder.resolve("file"), "x");

    assertThat(run("render", "--out", out.toString())).isEqualTo(1);

    assertThat(refused.toString()).contains(out.toString()).doesNotContain("\tat ");
    assertThat(out).hasContent("x");
    try (Stream<Path> beside = Files.list(folder)) {
      assertThat(beside).containsExactlyInAnyOrder(root, out);
    }
  }

  @Test
  void a_root_that_is_none_is_refused_in_words() {
    root = folder.resolve("none");

    assertThat(run("check")).isEqualTo(1);

    assertThat(refused.toString()).contains("is no directory").doesNotContain("\tat ");
  }

  @Test
  void without_a_place_to_write_it_is_wrong_usage() {
    assertThat(run("render")).isEqualTo(2);
  }

  private void turnOff() throws IOException {
    write("boot/grub/grub.cfg", "linux /vmlinuz ipv6.disable=1 ro\n");
    write("etc/sysctl.conf", "net.ipv6.conf.all.disable_ipv6 = 1\n");
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private int run(String command, String... more) {
    List<String> arguments = new ArrayList<>(List.of("host", command, "--root", root.toString()));
    arguments.addAll(List.of(more));
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(printed, true)).setErr(new PrintWriter(refused, true));
    return line.execute(arguments.toArray(String[]::new));
  }

  private static TreeMap<String, String> tree(Path directory) throws IOException {
    TreeMap<String, String> tree = new TreeMap<>();
    try (Stream<Path> walked = Files.walk(directory)) {
      for (Path file : walked.filter(Files::isRegularFile).toList()) {
        tree.put(directory.relativize(file).toString(), Files.readString(file));
      }
    }
    return tree;
  }
}
