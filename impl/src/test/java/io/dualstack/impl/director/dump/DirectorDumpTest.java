package io.dualstack.impl.director.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.InvalidConfigurationException;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.Owner;
import io.dualstack.impl.allocation.imports.ImportedBlock;
import io.dualstack.net.IpPrefix;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The dump is one of pg_dump 15. */
class DirectorDumpTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  @TempDir private Path folder;
  private String dump;

  @BeforeEach
  void read() throws IOException {
    try (InputStream in = DirectorDumpTest.class.getResourceAsStream("director.sql")) {
      dump = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private List<ImportedBlock> blocks(String text) throws IOException {
    return DirectorDump.read(Files.writeString(folder.resolve("director.sql"), text), NOW);
  }

  private static AllocatedBlock held(
      String block, String owner, String life, String network, String zone, String since) {
    return AllocatedBlock.active(
        IpPrefix.parse(block),
        new Owner(owner),
        life,
        network,
        zone,
        AllocationKind.DYNAMIC,
        Instant.parse(since));
  }

  @Test
  void who_has_which_address() throws IOException {
    AllocatedBlock fixed =
        held("10.0.16.5/32", "cf/diego_cell/1", "i-0002", "cells_v4", "z2", "2026-11-01T09:00:01Z");

    assertThat(blocks(dump))
        .extracting(ImportedBlock::held)
        .containsExactly(
            held(
                "10.0.16.4/32",
                "cf/diego_cell/0",
                "i-0001",
                "cells_v4",
                "z1",
                "2026-11-01T09:00:00.123Z"),
            held(
                "2001:db8:4e04:d139::1000/128",
                "cf/diego_cell/0",
                "i-0001",
                "cells_v6",
                "z1",
                "2026-11-01T09:00:00.200Z"),
            held(
                "2001:db8:4e04:d139:1::/80",
                "cf/diego_cell/0",
                "i-0001",
                "diego_cells_ipv6",
                "z1",
                "2026-11-01T09:00:00.300Z"),
            fixed.relabelled("i-0002", "cells_v4", "z2", AllocationKind.STATIC),
            held(
                    "10.0.16.9/32",
                    "cf/diego_cell/1",
                    "i-0009",
                    "cells_v4",
                    "z2",
                    "2026-10-01T09:00:01Z")
                .obsolete(),
            held(
                "10.0.16.6/32",
                "credhub/credhub/0",
                "i-0003",
                "default",
                null,
                "2026-11-24T12:00:00Z"),
            held("10.0.16.7/32", "orphaned-vm/1", "", "router", null, "2026-09-01T09:00:01Z"));
  }

  @Test
  void a_block_knows_its_line() throws IOException {
    String source = blocks(dump).get(0).source();
    int line = Integer.parseInt(source.substring(source.lastIndexOf(':') + 1));

    assertThat(source).startsWith(folder.resolve("director.sql").toString());
    assertThat(dump.lines().toList().get(line - 1)).contains("10.0.16.4/32");
  }

  @Test
  void an_instance_without_an_active_vm_keeps_its_address() throws IOException {
    assertThat(
            blocks(
                dump.replace("agent-2\ti-0002\tt", "agent-2\ti-0002\tf")
                    .replace("10.0.16.9/32\t3", "10.0.16.9/32\t\\N")))
        .extracting(ImportedBlock::held)
        .filteredOn(held -> held.owner().id().equals("cf/diego_cell/1"))
        .extracting(AllocatedBlock::incarnation)
        .containsExactly("i-0002", "0c0e4d3e-0000-4000-8000-000000000002");
  }

  @ParameterizedTest
  @CsvSource({
    "167776260, 10.0.16.4/32",
    "0, 0.0.0.0/32",
    "4294967295, 255.255.255.255/32",
    "42540766411282592856903984951653826561, 2001:db8::1/128"
  })
  void old_directors_wrote_numbers(String number, String block) throws IOException {
    assertThat(blocks(dump.replace("10.0.16.4/32", number)).get(0).held().block())
        .isEqualTo(IpPrefix.parse(block));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.0.16.4/32 | 10.0.16.4/33 | ip_addresses.address_str | 10.0.16.4/33",
        "10.0.16.4/32 | nonsense | ip_addresses.address_str | nonsense",
        "2026-11-01 09:00:00.2 | yesterday | ip_addresses.created_at | yesterday",
        "cells_v6\tf\t1 | cells_v6\tf\t9 | ip_addresses.instance_id | not in table instances",
        "cells_v6\tf\t1 | cells_v6\tf\t\\N | ip_addresses.instance_id | exactly if orphaned_vm_id",
        "diego_cell\t0\t1 | diego_cell\t0\t7 | instances.deployment_id | not in table deployments",
        "diego_cell\t0\t1 | diego_cell\t-1\t1 | instances.index | count from 0",
        "10.0.16.4/32\t1 | 10.0.16.4/32\t8 | ip_addresses.vm_id | not in table vms",
        "router\tf | \\N\tf | ip_addresses.network_name | is missing"
      })
  void what_makes_no_sense_is_refused_with_its_line(
      String original, String broken, String path, String words) {
    String text = dump.replace(unescaped(original), unescaped(broken));

    assertThat(text).isNotEqualTo(dump);
    assertThatThrownBy(() -> blocks(text))
        .isInstanceOfSatisfying(
            InvalidConfigurationException.class,
            e ->
                assertThat(e.diagnostics())
                    .allSatisfy(found -> assertThat(found.line()).isPositive())
                    .anySatisfy(found -> assertThat(found.path()).isEqualTo(path)))
        .hasMessageContaining(words);
  }

  private static String unescaped(String text) {
    return text.replace("\\t", "\t");
  }

  @Test
  void a_table_that_is_missing_is_named_with_what_to_do() {
    assertThatThrownBy(
            () -> blocks(dump.replace("COPY public.vms (id, ", "COPY public.others (id, ")))
        .hasMessageContaining("has no table vms; use pg_dump --data-only --table '*.ip_addresses'");
  }

  @Test
  void inserts_are_refused_with_what_to_do() {
    assertThatThrownBy(
            () -> blocks(dump + "\nINSERT INTO public.ip_addresses VALUES (1, 'n', false);\n"))
        .hasMessageContaining("dumped as INSERT; use pg_dump without --inserts");
  }

  @Test
  void a_dump_that_was_cut_off_is_refused() {
    assertThatThrownBy(() -> blocks(dump.substring(0, dump.indexOf("10.0.16.9"))))
        .hasMessageContaining("make the dump again");
    assertThatThrownBy(
            () -> blocks(dump.substring(0, dump.indexOf("\\.", dump.indexOf("10.0.16.9")))))
        .hasMessageContaining("ends within table ip_addresses");
  }
}
