package io.dualstack.impl.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.impl.cell.RemoteInstances;
import io.dualstack.impl.config.JsonFile;
import io.dualstack.impl.workload.DiegoFormats;
import io.dualstack.net.IpAddress;
import io.dualstack.workload.InstanceRecord;
import io.dualstack.workload.NetInfo;
import io.dualstack.workload.PortMapping;
import io.dualstack.workload.ProcessStats;
import io.dualstack.workload.WorkloadFormats;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dualstack instances}. */
@Command(
    name = "instances",
    description = {
      "Shows instances with their addresses, out of process stats of Cloud Controller or records",
      "of Diego, or the containers that a cell has attached, as its daemon tells them. IPv6 has a",
      "column only if an instance has such an address."
    },
    mixinStandardHelpOptions = true,
    footer = "dualstack instances --cell http://127.0.0.1:23954")
final class InstancesCommand implements Callable<Integer> {
  @Mixin private OutputOptions output;

  @ArgGroup(multiplicity = "1")
  private Source source;

  /** Where instances are told. */
  private static final class Source {
    @Option(
        names = "--file",
        paramLabel = "FILE",
        required = true,
        description = "JSON with resources (process stats) or actual_lrps (records).")
    private @Nullable Path file;

    @ArgGroup(exclusive = false)
    private @Nullable CellOptions cell;
  }

  /** What all of them say of an instance; its guid only where it is known. */
  private record Line(
      String process, int index, String guid, String state, String time, @Nullable NetInfo place) {
    static Line of(ProcessStats stats) {
      return new Line(
          stats.type(),
          stats.index(),
          "",
          stats.state(),
          stats.uptime().toSeconds() + "s",
          stats.netInfo());
    }

    static Line of(InstanceRecord told) {
      return new Line(
          told.processGuid(),
          told.index(),
          told.instanceGuid(),
          told.state(),
          told.since().equals(Instant.EPOCH) ? "" : told.since().toString(),
          told.netInfo());
    }

    /** An index says nothing without the process. */
    String instance() {
      return process.isEmpty() && !guid.isEmpty() ? guid : "#" + index;
    }

    String cell() {
      return place == null ? "" : text(place.address());
    }

    String ipv4() {
      return place == null ? "" : text(place.instanceAddress());
    }

    String ipv6() {
      return place == null ? "" : text(place.instanceIpv6Address());
    }

    List<PortMapping> ports() {
      return place == null ? List.of() : place.ports();
    }

    private static String text(@Nullable IpAddress address) {
      return address == null ? "" : address.toString();
    }
  }

  @Override
  public Integer call() {
    if (source.cell != null) {
      show(
          source.cell.ask(
              RemoteInstances::of, socket -> RemoteInstances.of(socket, CellOptions.TIMEOUT)));
    } else if (source.file != null) {
      showFile(source.file);
    }
    return 0;
  }

  private void showFile(Path file) {
    WorkloadFormats formats = new DiegoFormats();
    JsonFile read = JsonFile.read(file);
    String json = read.root().toString();
    if (read.root().has("actual_lrps")) {
      show(formats.parseInstanceRecords(json));
    } else {
      show("uptime", formats.parseProcessStats(json).stream().map(Line::of).toList());
    }
  }

  private void show(List<InstanceRecord> records) {
    show("since", records.stream().map(Line::of).toList());
  }

  private void show(String time, List<Line> lines) {
    if (output.isJson()) {
      ObjectNode document = Json.object();
      document.set("instances", Json.array(lines.stream().map(line -> json(time, line)).toList()));
      output.print(document);
    } else if (lines.isEmpty()) {
      output.out().println("There are no instances.");
      output.out().flush();
    } else {
      table(time, lines).print(output.out());
    }
  }

  private static Table table(String time, List<Line> lines) {
    boolean withIpv6 = lines.stream().anyMatch(line -> !line.ipv6().isEmpty());
    List<String> headings =
        new ArrayList<>(
            List.of("PROCESS", "INSTANCE", "STATE", time.toUpperCase(Locale.ROOT), "CELL", "IPV4"));
    if (withIpv6) {
      headings.add("IPV6");
    }
    headings.add("PORTS");
    Table table = new Table(headings.toArray(String[]::new));
    for (Line line : lines) {
      List<Object> row = new ArrayList<>();
      row.add(dashIfEmpty(line.process()));
      row.add(line.instance());
      row.add(line.state());
      row.add(dashIfEmpty(line.time()));
      row.add(dashIfEmpty(line.cell()));
      row.add(dashIfEmpty(line.ipv4()));
      if (withIpv6) {
        row.add(dashIfEmpty(line.ipv6()));
      }
      row.add(dashIfEmpty(ports(line)));
      table.row(row.toArray());
    }
    return table;
  }

  /** As {@code 61000->8080}: what is mapped, and where to. */
  private static String ports(Line line) {
    return line.ports().stream()
        .map(port -> port.hostPort() + "->" + port.containerPort())
        .collect(Collectors.joining(","));
  }

  private static String dashIfEmpty(String text) {
    return text.isEmpty() ? "-" : text;
  }

  private static ObjectNode json(String time, Line line) {
    ObjectNode node = Json.object().put("process", line.process()).put("index", line.index());
    if (!line.guid().isEmpty()) {
      node.put("instance_guid", line.guid());
    }
    node.put("state", line.state())
        .put(time, line.time())
        .put("cell", line.cell())
        .put("ipv4", line.ipv4());
    if (!line.ipv6().isEmpty()) {
      node.put("ipv6", line.ipv6());
    }
    ArrayNode ports = node.putArray("ports");
    line.ports()
        .forEach(
            port ->
                ports
                    .addObject()
                    .put("external", port.hostPort())
                    .put("internal", port.containerPort()));
    return node;
  }
}
