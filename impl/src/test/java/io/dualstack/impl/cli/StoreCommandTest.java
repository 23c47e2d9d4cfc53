package io.dualstack.impl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class StoreCommandTest {
  private static final String CLOUD_CONFIG =
      """
      azs: [{name: z1}, {name: z2}]
      networks:
      - name: cells_v4
        type: manual
        subnets:
        - {range: 10.0.16.0/20, gateway: 10.0.16.1, azs: [z1, z2], static: [10.0.16.5]}
      - name: cells_v6
        type: manual
        subnets:
        - {range: "2001:db8:4e04:d139::/64", gateway: "2001:db8:4e04:d139::1", azs: [z1, z2]}
      """;
  private static final String MANIFEST =
      """
      name: cf
      instance_groups:
      - name: diego_cell
        instances: 1
        azs: [z1, z2]
        networks: [{name: cells_v4, default: [dns, gateway]}, {name: cells_v6}]
      """;

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }

  private String store(String name) {
    return "sqlite:" + folder.resolve(name);
  }

  private String dump() throws IOException {
    Path file = folder.resolve("director.sql");
    try (InputStream in =
        getClass().getResourceAsStream("/io/dualstack/impl/director/dump/director.sql")) {
      Files.write(file, in.readAllBytes());
    }
    return file.toString();
  }

  @Test
  void what_a_director_handed_out_is_kept_by_the_next_apply() throws IOException {
    String cloud = Files.writeString(folder.resolve("cloud.yml"), CLOUD_CONFIG).toString();
    String manifest = Files.writeString(folder.resolve("cf.yml"), MANIFEST).toString();

    assertThat(run("store", "import", "--bosh-dump", dump(), "--store", store("a.db"))).isZero();
    assertThat(out.toString()).contains("Blocks imported: 7, there already: 0.");
    assertThat(run("store", "import", "--bosh-dump", dump(), "--store", store("a.db"))).isZero();
    assertThat(out.toString()).contains("Blocks imported: 0, there already: 7.");
    assertThat(
            run("plan", "--cloud-config", cloud, "--manifest", manifest, "--store", store("a.db")))
        .isZero();
    assertThat(out.toString())
        .contains("10.0.16.4", "2001:db8:4e04:d139::1000", "kept")
        .contains("0 created, 2 kept, 0 replaced, 2 released");
  }

  @Test
  void reservations_of_host_local() throws IOException {
    Path silk = Files.createDirectory(folder.resolve("silk"));
    Files.writeString(silk.resolve("10.255.3.7"), "c1\r\neth0");
    Files.writeString(silk.resolve("2001:db8::7"), "c1\r\neth0");
    Files.writeString(silk.resolve("10.255.3.8"), "old");
    Files.writeString(silk.resolve("last_reserved_ip.0"), "10.255.3.8");
    Files.writeString(silk.resolve("README"), "not ours");

    assertThat(run("store", "import", "--host-local", silk.toString(), "--store", store("b.db")))
        .isZero();
    assertThat(out.toString()).contains("Blocks imported: 3");
    assertThat(err.toString()).contains("README");
    assertThat(run("show", "silk/c1", "--store", store("b.db"))).isZero();
    assertThat(out.toString())
        .containsPattern("silk/c1/eth0 +- +silk +10.255.3.7/32")
        .containsPattern("silk/c1/eth0 +- +silk-ipv6 +2001:db8::7/128")
        .doesNotContain("10.255.3.8");
  }

  @Test
  void a_reservation_for_nobody_is_refused_and_nothing_imported() throws IOException {
    Path silk = Files.createDirectory(folder.resolve("silk"));
    Files.writeString(silk.resolve("10.255.3.7"), "c1\r\neth0");
    Files.writeString(silk.resolve("10.255.3.8"), "");

    assertThat(run("store", "import", "--host-local", silk.toString(), "--store", store("b.db")))
        .isEqualTo(1);
    assertThat(err.toString()).contains("10.255.3.8 is in use by nobody known");
    assertThat(folder.resolve("b.db")).doesNotExist();
  }

  @Test
  void a_copy_and_the_same_again() throws IOException {
    run("store", "import", "--bosh-dump", dump(), "--store", store("a.db"));

    assertThat(run("store", "copy", "--from", store("a.db"), "--to", store("c.db"))).isZero();
    assertThat(out.toString())
        .isEqualTo(
            "Copied %s to %s (blocks: 7, documents: 0, revision: 1).%n"
                .formatted(store("a.db"), store("c.db")));
    assertThat(run("store", "copy", "--from", store("a.db"), "--to", store("c.db"))).isZero();
    assertThat(out.toString()).startsWith("Nothing to do, copied already:");
    assertThat(run("fsck", "--store", store("c.db"))).isZero();
  }

  @Test
  void a_source_must_be_named_and_just_one() {
    assertThat(run("store", "import", "--store", store("d.db"))).isEqualTo(2);
    assertThat(
            run(
                "store",
                "import",
                "--store",
                store("d.db"),
                "--host-local",
                "x",
                "--bosh-dump",
                "y"))
        .isEqualTo(2);
    assertThat(err.toString())
        .contains("specify one of these", "mutually exclusive (specify only one)");
  }

  @Test
  void a_source_that_can_not_be_read_is_named() {
    String none = folder.resolve("none").toString();
    String file = folder.toString();

    assertThat(run("store", "import", "--store", store("d.db"), "--bosh-dump", none)).isEqualTo(1);
    assertThat(err.toString()).contains(none + ": there is no such file");
    assertThat(run("store", "import", "--store", store("d.db"), "--bosh-dump", file)).isEqualTo(1);
    assertThat(err.toString()).contains(file + ": is a directory; name a file");
    assertThat(run("store", "import", "--store", store("d.db"), "--host-local", none)).isEqualTo(1);
    assertThat(err.toString()).contains(none + ": is not a directory");
  }
}
