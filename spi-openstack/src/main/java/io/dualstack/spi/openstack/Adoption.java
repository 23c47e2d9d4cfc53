package io.dualstack.spi.openstack;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.provider.ProviderJournal;
import io.dualstack.spi.openstack.neutron.Neutron;
import io.dualstack.spi.openstack.neutron.Port;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes over ports that somebody else made, and gives them back with the name and the description
 * that they had, which the provider's journal remembers meanwhile. Thread-safe.
 */
final class Adoption {
  private static final String NAMES = "adopted/";

  private final Neutron neutron;
  private final Marks marks;
  private final ProviderJournal journal;

  Adoption(Neutron neutron, Marks marks, ProviderJournal journal) {
    this.neutron = neutron;
    this.marks = marks;
    this.journal = journal;
  }

  Port adopt(Port port, Marks.Mark mark) {
    if (marks.read(port).isEmpty()) {
      journal.update(
          Map.of(NAMES + port.id(), encoded(port.name()) + " " + encoded(port.description())),
          Set.of());
    }
    return rename(port, marks.name(mark.identity()), marks.description(mark));
  }

  /** Whether a port was taken over, and not given back yet. */
  boolean isAdopted(Port port) {
    return journal.read(NAMES + port.id()).isPresent();
  }

  void disown(Port port) {
    Optional<String> before = journal.read(NAMES + port.id());
    List<String> words = List.of(before.orElse(" ").split(" ", -1));
    Port now = rename(port, decoded(words.get(0)), decoded(words.get(1)));
    journal.update(Map.of(), Set.of(NAMES + now.id()));
  }

  private Port rename(Port port, String name, String description) {
    ObjectNode change = JsonNodeFactory.instance.objectNode();
    change.put("name", name);
    change.put("description", description);
    return neutron.updatePort(port, change);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
