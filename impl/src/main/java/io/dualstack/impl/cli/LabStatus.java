package io.dualstack.impl.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.impl.lab.LabPlan;
import io.dualstack.impl.lab.LabView;
import io.dualstack.workload.InstanceRecord;
import io.dualstack.workload.NetInfo;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/**
 * A lab that is up, for people and programs.
 *
 * @param view the lab
 */
record LabStatus(LabView view) {

  void print(PrintWriter out) {
    Table machines = new Table("MACHINE", "IPV4", "IPV6", "PREFIX", "NAMESPACE");
    for (LabPlan.Machine machine : view.plan().machines()) {
      machines.row(
          machine.name(),
          machine.ipv4(),
          shown(machine.ipv6()),
          shown(machine.prefix()),
          view.place().namespace(machine.host()));
    }
    machines.print(out);
    out.println();
    Table instances = new Table("INSTANCE", "CELL", "IPV4", "IPV6", "PORT", "NAMESPACE");
    for (InstanceRecord each : view.records()) {
      NetInfo info = each.netInfo();
      instances.row(
          each.processGuid() + "/" + each.index(),
          each.cellId(),
          shown(info.instanceAddress()),
          shown(info.ipv6().orElse(null)),
          info.ports().get(0).containerPort(),
          view.place().namespace(each.processGuid() + "-" + each.index()));
    }
    instances.print(out);
  }

  private static String shown(@Nullable Object value) {
    return value == null ? "-" : value.toString();
  }

  ObjectNode json() {
    ObjectNode document = Json.object().put("lab", view.place().name());
    ArrayNode machines = document.putArray("machines");
    for (LabPlan.Machine machine : view.plan().machines()) {
      machines
          .addObject()
          .put("name", machine.name())
          .put("ipv4", text(machine.ipv4()))
          .put("ipv6", text(machine.ipv6()))
          .put("prefix", text(machine.prefix()))
          .put("namespace", view.place().namespace(machine.host()).toString());
    }
    ArrayNode instances = document.putArray("instances");
    for (InstanceRecord each : view.records()) {
      NetInfo info = each.netInfo();
      instances
          .addObject()
          .put("name", each.processGuid() + "/" + each.index())
          .put("cell", each.cellId())
          .put("ipv4", text(info.instanceAddress()))
          .put("ipv6", text(info.ipv6().orElse(null)))
          .put("port", info.ports().get(0).containerPort())
          .put(
              "namespace",
              view.place().namespace(each.processGuid() + "-" + each.index()).toString());
    }
    return document;
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }
}
