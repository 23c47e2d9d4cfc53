package io.dualstack.impl.cni.garden;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.cni.CniException;
import io.dualstack.net.PortRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeTry;

class PortPoolProperties {
  private static final int FIRST = 60_000;
  private static final PortRange RANGE = new PortRange(FIRST, FIRST + 7);

  private final Path file = temporary();

  private static Path temporary() {
    try {
      return Files.createTempFile("ports", ".json");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeTry
  void no_port_is_taken() throws IOException {
    Files.writeString(file, "");
  }

  @AfterProperty
  void the_file_is_removed() throws IOException {
    Files.delete(file);
  }

  /** What is done for a container: mappings of these host ports; none to release. */
  private record Step(String handle, List<Integer> hostPorts) {
    List<PortMapping> mappings() {
      return hostPorts.stream().map(port -> new PortMapping(port, 80)).toList();
    }
  }

  @Provide
  Arbitrary<Step> steps() {
    Arbitrary<Integer> ports =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.just(0)),
            Tuple.of(1, Arbitraries.integers().between(FIRST - 1, FIRST + 8)));
    return Combinators.combine(Arbitraries.of("a", "b<c", "d"), ports.list().ofMaxSize(4))
        .as(Step::new);
  }

  @Property
  void no_port_is_two_containers_and_what_is_released_is_free(
      @ForAll @Size(max = 30) List<@From("steps") Step> steps) throws IOException {
    Map<Integer, String> owners = new HashMap<>();
    for (Step step : steps) {
      if (step.hostPorts().isEmpty()) {
        release(step.handle());
        owners.values().removeIf(step.handle()::equals);
      } else {
        acquire(step, owners);
      }
    }
    Set.copyOf(owners.values()).forEach(this::release);
    assertThat(Files.readString(file)).isIn("", "{\"acquired_ports\":{}}\n");
  }

  private void acquire(Step step, Map<Integer, String> owners) throws IOException {
    String before = Files.readString(file);
    List<PortMapping> got;
    try {
      got = pool().acquire(step.handle(), step.mappings());
    } catch (CniException refused) {
      assertThat(Files.readString(file)).isEqualTo(before);
      assertThat(owners).as(refused.getMessage()).isNotEmpty();
      return;
    }
    assertThat(got).hasSameSizeAs(step.hostPorts());
    for (int i = 0; i < got.size(); i++) {
      int wanted = step.hostPorts().get(i);
      int port = got.get(i).hostPort();
      if (wanted != 0) {
        assertThat(port).isEqualTo(wanted);
      } else {
        assertThat(port).isBetween(RANGE.first(), RANGE.last());
        assertThat(owners).doesNotContainKey(port);
      }
      if (RANGE.first() <= port && port <= RANGE.last()) {
        assertThat(owners.put(port, step.handle())).isIn(null, step.handle());
      }
    }
  }

  /** From the file alone, as each is a process of its own. */
  private PortPool pool() {
    return new PortPool(file, RANGE);
  }

  private void release(String handle) {
    try {
      pool().release(handle);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
