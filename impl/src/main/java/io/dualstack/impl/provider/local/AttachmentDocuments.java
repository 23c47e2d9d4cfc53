package io.dualstack.impl.provider.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.allocation.Owner;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.support.NicIdentity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Attached NICs as JSON documents, one each. Remembers what it read, as most documents are the same
 * the next time. Not thread-safe.
 */
final class AttachmentDocuments {
  /** How the keys of all attachments start. */
  static final String ROOT = "nic/";

  private static final JsonMapper JSON = new JsonMapper();

  private record Read(String text, AttachedNic nic) {}

  private final Map<String, Read> known = new HashMap<>();

  /** The key of a NIC: the owner as it is, so that a scope's keys have a common start. */
  static String key(Owner owner, String nic) {
    return ROOT + id(owner, nic);
  }

  /** The identifier of a NIC: unambiguous, as the last slash is the one before the NIC's name. */
  static String id(Owner owner, String nic) {
    return new NicIdentity(owner, nic).text();
  }

  /** Writes a NIC. Reading the same document later gives the same NIC, without parsing it. */
  String write(AttachedNic nic) {
    String text = text(nic);
    known.put(key(nic.owner(), nic.nic()), new Read(text, nic));
    return text;
  }

  private static String text(AttachedNic nic) {
    ObjectNode document =
        JSON.createObjectNode()
            .put("owner", nic.owner().id())
            .put("incarnation", nic.incarnation())
            .put("nic", nic.nic());
    MacAddress mac = nic.mac();
    if (mac != null) {
      document.put("mac", mac.toString());
    }
    ArrayNode blocks = document.putArray("blocks");
    for (NicBlock block : nic.blocks()) {
      blocks
          .addObject()
          .put("network", block.network())
          .put("block", block.chosenBlock().orElseThrow().toString());
    }
    return document.toString();
  }

  /** Reads all documents there are, and forgets those that are gone. */
  List<AttachedNic> readAll(Map<String, String> documents) {
    List<AttachedNic> nics = read(documents);
    if (known.size() > documents.size()) {
      known.keySet().retainAll(documents.keySet());
    }
    return nics;
  }

  /** Reads documents, in the order of their keys. */
  List<AttachedNic> read(Map<String, String> documents) {
    List<AttachedNic> nics = new ArrayList<>(documents.size());
    documents.forEach(
        (key, text) -> {
          Read before = known.get(key);
          if (before == null || !before.text().equals(text)) {
            before = new Read(text, parse(key, text));
            known.put(key, before);
          }
          nics.add(before.nic());
        });
    return nics;
  }

  private static AttachedNic parse(String key, String text) {
    try {
      JsonNode document = JSON.readTree(text);
      Owner owner = new Owner(document.required("owner").textValue());
      String nic = document.required("nic").textValue();
      List<NicBlock> blocks = new ArrayList<>();
      for (JsonNode block : document.required("blocks")) {
        blocks.add(
            NicBlock.chosen(
                block.required("network").textValue(),
                IpPrefix.parse(block.required("block").textValue())));
      }
      @Nullable JsonNode mac = document.get("mac");
      return new AttachedNic(
          id(owner, nic),
          owner,
          document.required("incarnation").textValue(),
          nic,
          mac == null ? null : MacAddress.parse(mac.textValue()),
          blocks);
    } catch (JsonProcessingException | IllegalArgumentException | NullPointerException e) {
      throw new ProviderException(
          LocalProvider.NAME,
          Reason.UNAVAILABLE,
          false,
          "journal entry " + key + ": can't be understood; restore the store from a backup",
          e);
    }
  }
}
