package io.dualstack.impl.cni.datastore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cell.AttachedContainer;
import io.dualstack.firewall.Lifecycle;
import io.dualstack.firewall.Workload;
import io.dualstack.net.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataStoreTest {
  private static final JsonMapper JSON = new JsonMapper();

  private Path file;
  private MetadataStore store;

  @BeforeEach
  void in_a_directory_that_is_not_there(@TempDir Path directory) {
    file = directory.resolve("container-metadata/store.json");
    store = new MetadataStore(file);
  }

  private static DescribedContainer container(String handle, int number, String metadata)
      throws IOException {
    return new DescribedContainer(
        new AttachedContainer(
            handle,
            IpAddress.parse("10.255.30." + number),
            number % 2 == 0 ? IpAddress.parse("2001:db8:30::" + number) : null),
        (ObjectNode) JSON.readTree(metadata));
  }

  private String version() throws IOException {
    return Files.readString(file.resolveSibling("store.json_version"));
  }

  @Test
  void what_is_written_is_what_go_writes_and_each_change_counts() throws IOException {
    store.add(
        container(
            "h2", 2, "{\"space_id\":\"s\",\"policy_group_id\":\"<a>\",\"x\":[{\"z\":1,\"y\":2}]}"));
    assertThat(version()).isEqualTo("1");
    store.add(container("h1", 3, "{}"));

    assertThat(file)
        .hasContent(
            "{\"h1\":{\"handle\":\"h1\",\"ip\":\"10.255.30.3\",\"metadata\":{}},"
                + "\"h2\":{\"handle\":\"h2\",\"ip\":\"10.255.30.2\",\"ipv6\":\"2001:db8:30::2\","
                + "\"metadata\":{\"policy_group_id\":\"\\u003ca\\u003e\",\"space_id\":\"s\",\"x\":[{\"y\":2,\"z\":1}]}}}\n");
    assertThat(version()).isEqualTo("2");
    assertThat(store.read())
        .containsExactly(
            container("h1", 3, "{}"),
            container(
                "h2",
                2,
                "{\"space_id\":\"s\",\"policy_group_id\":\"<a>\",\"x\":[{\"z\":1,\"y\":2}]}"));
    store.remove("h1");
    store.remove("h1");
    assertThat(version()).isEqualTo("3");
    assertThat(store.read()).hasSize(1);
    assertThat(file.getParent()).isDirectoryNotContaining(path -> path.toString().endsWith("_new"));
  }

  @Test
  void nothing_is_made_to_read_or_remove_what_is_not_there() throws IOException {
    assertThat(store.read()).isEmpty();
    store.remove("h1");

    assertThat(file.getParent()).doesNotExist();
  }

  @Test
  void entries_of_others_stay_and_those_without_address_are_passed_over() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        "{\"other\":{\"handle\":\"other\",\"ip\":\"10.255.30.9\",\"ipv6\":\"\",\"more\":1,"
            + "\"metadata\":null},\"bad\":{\"ip\":\"x\"}}");
    Files.writeString(file.resolveSibling("store.json_version"), "41\n");

    store.add(container("h1", 3, "{}"));

    assertThat(version()).isEqualTo("42");
    assertThat(Files.readString(file)).contains("\"more\":1", "\"bad\":{\"ip\":\"x\"}");
    assertThat(store.read())
        .extracting(described -> described.container().handle())
        .containsExactly("h1", "other");
    assertThat(store.read().get(1).metadata()).isEmpty();
  }

  @Test
  void many_writers_lose_nothing() throws Exception {
    int writers = 8;
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      List<Future<Boolean>> writing =
          IntStream.range(0, writers)
              .mapToObj(
                  number ->
                      threads.submit(
                          () -> {
                            MetadataStore own = new MetadataStore(file);
                            for (int round = 0; round < 10; round++) {
                              own.add(container("h%d-%d".formatted(number, round), 2, "{}"));
                            }
                            return true;
                          }))
              .toList();
      for (Future<Boolean> each : writing) {
        assertThat(each.get()).isTrue();
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } finally {
      threads.shutdownNow();
    }

    assertThat(store.read()).hasSize(10 * writers);
    assertThat(version()).isEqualTo(Integer.toString(10 * writers));
  }

  @Test
  void metadata_tells_what_a_container_is_there_for() throws IOException {
    DescribedContainer app =
        container(
            "h",
            2,
            "{\"policy_group_id\":\"app\",\"space_id\":\"space\",\"ports\":\"8080, 9090\","
                + "\"container_workload\":\"app\"}");

    assertThat(app.workload()).isEqualTo(new Workload("app", "space", Lifecycle.RUNNING));
    assertThat(app.ports()).containsExactly(8080, 9090);
    assertThat(container("h", 2, "{\"container_workload\":\"task\"}").workload().lifecycle())
        .contains(Lifecycle.RUNNING);
    assertThat(container("h", 2, "{\"container_workload\":\"staging\"}").workload().lifecycle())
        .contains(Lifecycle.STAGING);
    assertThat(container("h", 2, "{\"container_workload\":\"other\"}").workload())
        .isEqualTo(Workload.UNKNOWN);
    assertThat(container("h", 2, "{}").ports()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "0", "65536", "8080;9090", "-1", "80 90"})
  void a_port_that_is_none_is_named(String text) throws IOException {
    DescribedContainer container = container("h", 2, "{\"ports\":\"8080," + text + "\"}");

    assertThatThrownBy(container::ports)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "metadata.ports: \"%s\": is no port; use 1 to 65535, with commas between", text);
  }
}
