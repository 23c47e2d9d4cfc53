package io.dualstack.impl.workload;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.impl.json.JsonValues;
import io.dualstack.workload.InstanceRecord;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Records of instances as Diego has them. */
final class InstanceRecordFormat {
  private static final String RECORDS = "actual_lrps";
  private static final String PROCESS = "process_guid";
  private static final String INDEX = "index";
  private static final String DOMAIN = "domain";
  private static final String INSTANCE = "instance_guid";
  private static final String CELL = "cell_id";
  private static final String STATE = "state";
  private static final String SINCE = "since";
  private static final Set<String> KNOWN = known();
  private static final long NANOS = 1_000_000_000L;

  private InstanceRecordFormat() {}

  private static Set<String> known() {
    Set<String> known = new HashSet<>(Set.of(PROCESS, INDEX, DOMAIN, INSTANCE, CELL, STATE, SINCE));
    known.addAll(NetInfoFormat.KNOWN);
    return Set.copyOf(known);
  }

  static String write(List<InstanceRecord> records) {
    ObjectNode root = Fields.object();
    ArrayNode list = root.putArray(RECORDS);
    for (InstanceRecord written : records) {
      ObjectNode node = list.addObject();
      node.put(PROCESS, written.processGuid())
          .put(INDEX, written.index())
          .put(DOMAIN, written.domain())
          .put(INSTANCE, written.instanceGuid())
          .put(CELL, written.cellId());
      NetInfoFormat.put(node, written.netInfo());
      node.put(STATE, written.state());
      node.put(SINCE, written.since().getEpochSecond() * NANOS + written.since().getNano());
      JsonValues.addOthers("instance record", written.otherFields(), KNOWN, node);
    }
    return root.toString();
  }

  static List<InstanceRecord> read(String json) {
    return Fields.read(
        json,
        "InstanceRecordInvalid",
        root -> {
          if (!root.has(RECORDS)) {
            root.fault(RECORDS, "is missing; give an array of records");
          }
          return List.copyOf(root.each(RECORDS, InstanceRecordFormat::instance));
        });
  }

  private static InstanceRecord instance(Fields fields) {
    return new InstanceRecord(
        fields.textOrEmpty(PROCESS),
        (int) fields.number(INDEX, Integer.MAX_VALUE),
        fields.textOrEmpty(DOMAIN),
        fields.textOrEmpty(INSTANCE),
        fields.textOrEmpty(CELL),
        NetInfoFormat.read(fields, Map.of()),
        fields.textOrEmpty(STATE),
        Instant.ofEpochSecond(0, fields.number(SINCE, Long.MAX_VALUE)),
        fields.others(KNOWN));
  }
}
