package io.dualstack.impl.routing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.impl.json.JsonValues;
import io.dualstack.routing.RouterStart;
import java.util.Set;

/** What a router says of itself, as gorouter writes it: all four members, always. */
final class StartFormat {
  private static final String ID = "id";
  private static final String HOSTS = "hosts";
  private static final String INTERVAL = "minimumRegisterIntervalInSeconds";
  private static final String THRESHOLD = "pruneThresholdInSeconds";

  private StartFormat() {}

  static byte[] write(RouterStart start) {
    ObjectNode node = JsonValues.NODES.objectNode().put(ID, start.id());
    MessageFormat.addAll(node.putArray(HOSTS), start.hosts());
    node.put(INTERVAL, start.minimumRegisterIntervalSeconds())
        .put(THRESHOLD, start.pruneThresholdSeconds());
    JsonValues.addOthers("start", start.others(), Set.of(ID, HOSTS, INTERVAL, THRESHOLD), node);
    return Members.bytes(node);
  }

  static RouterStart read(byte[] json) {
    Members members = Members.of("", Members.read(json));
    return new RouterStart(
        members.text(ID),
        members.texts(HOSTS),
        members.number(INTERVAL, 0, Integer.MAX_VALUE),
        members.number(THRESHOLD, 0, Integer.MAX_VALUE),
        members.others());
  }
}
