package io.dualstack.impl.cell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.http.Answer;
import io.dualstack.impl.http.JsonBody;
import io.dualstack.net.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a cell tells of its containers, by what is in its two files. */
class CellInstancesTest {
  @TempDir private Path folder;

  private Answer answer(boolean described) {
    return new CellInstances(
            IpAddress.parse("10.0.0.1"),
            folder.resolve("silk.json"),
            described ? folder.resolve("wrapper.json") : null)
        .answer();
  }

  private String told(boolean described) {
    Answer answer = answer(described);
    assertThat(answer.status()).isEqualTo(200);
    return new String(answer.body(), UTF_8);
  }

  private void attached(String entries) throws IOException {
    Files.writeString(folder.resolve("silk.json"), entries + "\n");
  }

  private void described(String metadata) throws IOException {
    Files.writeString(
        folder.resolve("wrapper.json"),
        "{\"id\":{\"handle\":\"id\",\"ip\":\"10.255.1.2\",\"metadata\":%s}}\n".formatted(metadata));
  }

  @Test
  void without_files_there_are_none() {
    assertThat(told(true)).isEqualTo("{\"actual_lrps\":[]}");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void a_container_is_told_in_the_families_that_it_has_and_nothing_that_a_cell_cant_know()
      throws IOException {
    attached(
        "{\"a\":{\"handle\":\"a\",\"ip\":\"10.255.1.2\",\"metadata\":null},"
            + "\"b\":{\"handle\":\"b\",\"ip\":\"10.255.1.3\",\"ipv6\":\"2001:db8::3\",\"metadata\":null}}");

    assertThat(told(false))
        .isEqualTo(
            "{\"actual_lrps\":["
                + "{\"process_guid\":\"\",\"index\":0,\"domain\":\"\",\"instance_guid\":\"a\","
                + "\"cell_id\":\"\",\"address\":\"10.0.0.1\",\"ports\":[],"
                + "\"instance_address\":\"10.255.1.2\",\"preferred_address\":\"UNKNOWN\","
                + "\"state\":\"ATTACHED\",\"since\":0},"
                + "{\"process_guid\":\"\",\"index\":0,\"domain\":\"\",\"instance_guid\":\"b\","
                + "\"cell_id\":\"\",\"address\":\"10.0.0.1\",\"ports\":[],"
                + "\"instance_address\":\"10.255.1.3\",\"preferred_address\":\"UNKNOWN\","
                + "\"instance_ipv6_address\":\"2001:db8::3\",\"state\":\"ATTACHED\",\"since\":0}]}");
  }

  @Test
  void the_wrappers_file_says_whose_instance_a_container_is() throws IOException {
    attached("{\"a\":{\"handle\":\"a\",\"ip\":\"10.255.1.2\",\"metadata\":null}}");
    described(
        "{\"policy_group_id\":\"app-a\",\"container_workload\":\"app\","
            + "\"log_config\":\"{\\\"guid\\\":\\\"app-a\\\",\\\"index\\\":3}\"}");

    assertThat(told(true))
        .contains("\"process_guid\":\"app-a\",\"index\":3,")
        .contains("\"instance_guid\":\"a\"");
  }

  @Test
  void a_task_is_no_instance_of_its_application() throws IOException {
    attached("{\"a\":{\"handle\":\"a\",\"ip\":\"10.255.1.2\",\"metadata\":null}}");
    for (String workload : new String[] {"task", "staging"}) {
      described(
          "{\"policy_group_id\":\"app-a\",\"container_workload\":\"%s\"}".formatted(workload));

      assertThat(told(true)).contains("\"process_guid\":\"\",\"index\":0,");
    }
  }

  @Test
  void metadata_that_make_no_sense_say_nothing() throws IOException {
    attached("{\"a\":{\"handle\":\"a\",\"ip\":\"10.255.1.2\",\"metadata\":null}}");
    for (String log : new String[] {"{", "[]", "{\\\"index\\\":-4}", "{\\\"index\\\":{}}", ""}) {
      described("{\"policy_group_id\":\"app-a\",\"log_config\":\"%s\"}".formatted(log));

      assertThat(told(true)).contains("\"process_guid\":\"app-a\",\"index\":0,");
    }
  }

  @Test
  void a_container_that_the_plugin_has_not_attached_is_none_of_the_cells() throws IOException {
    attached("{}");
    described("{\"policy_group_id\":\"app-a\"}");

    assertThat(told(true)).isEqualTo("{\"actual_lrps\":[]}");
  }

  @Test
  void a_file_that_cant_be_read_is_an_error_in_words() throws IOException {
    attached("nonsense");

    Answer answer = answer(false);

    assertThat(answer.status()).isEqualTo(500);
    assertThat(JsonBody.readError(answer.body()))
        .contains("can't be told")
        .contains("silk.json: is no JSON")
        .doesNotContain("Exception");
  }
}
