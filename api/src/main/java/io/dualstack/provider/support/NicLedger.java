package io.dualstack.provider.support;

import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.ProviderJournal;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ReconcilingSession} remembers in the provider's journal: each NIC as it was last
 * recorded, and what is about to be done to it. An entry is lines of a word and percent-encoded
 * values. Remembers what it read, as most entries are the same the next time. Not thread-safe.
 */
final class NicLedger {
  private static final String NICS = "nic/";
  private static final String INTENTS = "intent/";

  /**
   * A NIC as it was recorded.
   *
   * @param original the blocks that an adopted NIC had before; null if the NIC was made by us
   */
  record Recorded(AttachedNic nic, @Nullable List<IpPrefix> original) {
    boolean isAdopted() {
      return original != null;
    }
  }

  /**
   * What is about to be done to a NIC.
   *
   * @param token the idempotency token
   * @param begun when
   * @param blocks what is asked for
   * @param taken the blocks that a NIC of nobody has, which is about to be taken over; null if none
   *     is
   */
  record Intent(
      String token,
      String incarnation,
      Instant begun,
      List<NicBlock> blocks,
      @Nullable List<IpPrefix> taken) {
    boolean isFor(String life, List<NicBlock> wanted) {
      return incarnation.equals(life) && blocks.equals(wanted);
    }

    Intent taking(List<IpPrefix> had) {
      return new Intent(token, incarnation, begun, blocks, List.copyOf(had));
    }

    /** Returns what a NIC had before it was taken over; empty if it is none that was. */
    Optional<List<IpPrefix>> originalOf(InfrastructureNic nic) {
      return Optional.ofNullable(taken)
          .filter(had -> nic.blocks().stream().anyMatch(had::contains));
    }
  }

  private record Read<T>(String text, T value) {}

  private final String provider;
  private final ProviderJournal journal;
  private final Map<String, Read<Recorded>> knownNics = new HashMap<>();

  NicLedger(String provider, ProviderJournal journal) {
    this.provider = provider;
    this.journal = journal;
  }

  /** Returns all NICs that were recorded. */
  Map<NicIdentity, Recorded> nics() {
    Map<String, String> entries = journal.list(NICS);
    Map<NicIdentity, Recorded> nics = new TreeMap<>();
    entries.forEach(
        (key, text) -> {
          Read<Recorded> before = knownNics.get(key);
          if (before == null || !before.text().equals(text)) {
            before = new Read<>(text, parsed(key, () -> readNic(identity(NICS, key), text)));
            knownNics.put(key, before);
          }
          nics.put(NicIdentity.of(before.value().nic()), before.value());
        });
    if (knownNics.size() > entries.size()) {
      knownNics.keySet().retainAll(entries.keySet());
    }
    return nics;
  }

  /** Returns all that was begun and not ended. */
  Map<NicIdentity, Intent> intents() {
    Map<NicIdentity, Intent> intents = new TreeMap<>();
    journal
        .list(INTENTS)
        .forEach(
            (key, text) ->
                intents.put(identity(INTENTS, key), parsed(key, () -> readIntent(text))));
    return intents;
  }

  /** Writes down what is about to be done. */
  void begin(Map<NicIdentity, Intent> intents) {
    Map<String, String> written = new LinkedHashMap<>();
    intents.forEach((identity, intent) -> written.put(INTENTS + identity.text(), text(intent)));
    if (!written.isEmpty()) {
      journal.update(written, Set.of());
    }
  }

  /** Writes down what was done; nothing about these NICs is under way any more. */
  void end(Map<NicIdentity, Recorded> recorded, Set<NicIdentity> gone, Set<NicIdentity> ended) {
    Map<String, String> written = new LinkedHashMap<>();
    Set<String> removed = new LinkedHashSet<>();
    recorded.forEach((identity, nic) -> written.put(NICS + identity.text(), text(nic)));
    gone.forEach(identity -> removed.add(NICS + identity.text()));
    ended.forEach(identity -> removed.add(INTENTS + identity.text()));
    if (!written.isEmpty() || !removed.isEmpty()) {
      journal.update(written, removed);
    }
  }

  private static String text(Recorded recorded) {
    AttachedNic nic = recorded.nic();
    StringBuilder text = new StringBuilder();
    line(text, "id", nic.id());
    line(text, "life", nic.incarnation());
    nic.macAddress().ifPresent(mac -> line(text, "mac", mac.toString()));
    nic.blocks().forEach(block -> line(text, block));
    had(text, recorded.original());
    return text.toString();
  }

  private static String text(Intent intent) {
    StringBuilder text = new StringBuilder();
    line(text, "token", intent.token());
    line(text, "life", intent.incarnation());
    line(text, "begun", intent.begun().toString());
    intent.blocks().forEach(block -> line(text, block));
    had(text, intent.taken());
    return text.toString();
  }

  private static void had(StringBuilder text, @Nullable List<IpPrefix> original) {
    if (original != null) {
      line(text, "adopted");
      original.forEach(block -> line(text, "had", block.toString()));
    }
  }

  private static void line(StringBuilder text, NicBlock block) {
    IpPrefix chosen = block.block();
    if (chosen == null) {
      line(text, "open", block.network(), block.family().name(), Integer.toString(block.length()));
    } else {
      line(text, "block", block.network(), chosen.toString());
    }
  }

  private static void line(StringBuilder text, String word, String... values) {
    text.append(word);
    for (String value : values) {
      text.append(' ').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
    text.append('\n');
  }

  private static Recorded readNic(NicIdentity identity, String text) {
    String id = "";
    String life = "";
    @Nullable MacAddress mac = null;
    List<NicBlock> blocks = new ArrayList<>();
    for (List<String> line : lines(text)) {
      switch (line.get(0)) {
        case "id" -> id = line.get(1);
        case "life" -> life = line.get(1);
        case "mac" -> mac = MacAddress.parse(line.get(1));
        case "adopted", "had" -> {}
        default -> blocks.add(readBlock(line));
      }
    }
    return new Recorded(
        new AttachedNic(id, identity.owner(), life, identity.nic(), mac, blocks), readHad(text));
  }

  private static @Nullable List<IpPrefix> readHad(String text) {
    List<List<String>> lines = lines(text);
    if (lines.stream().noneMatch(line -> line.get(0).equals("adopted"))) {
      return null;
    }
    return lines.stream()
        .filter(line -> line.get(0).equals("had"))
        .map(line -> IpPrefix.parse(line.get(1)))
        .toList();
  }

  private static Intent readIntent(String text) {
    String token = "";
    String life = "";
    Instant begun = Instant.EPOCH;
    List<NicBlock> blocks = new ArrayList<>();
    for (List<String> line : lines(text)) {
      switch (line.get(0)) {
        case "token" -> token = line.get(1);
        case "life" -> life = line.get(1);
        case "begun" -> begun = Instant.parse(line.get(1));
        case "adopted", "had" -> {}
        default -> blocks.add(readBlock(line));
      }
    }
    return new Intent(token, life, begun, List.copyOf(blocks), readHad(text));
  }

  private static NicBlock readBlock(List<String> line) {
    return switch (line.get(0)) {
      case "block" -> NicBlock.chosen(line.get(1), IpPrefix.parse(line.get(2)));
      case "open" ->
          NicBlock.toBeChosen(
              line.get(1), IpFamily.valueOf(line.get(2)), Integer.parseInt(line.get(3)));
      default -> throw new IllegalArgumentException("unknown word \"" + line.get(0) + "\"");
    };
  }

  private static List<List<String>> lines(String text) {
    return text.lines()
        .map(
            line ->
                List.of(line.split(" ", -1)).stream()
                    .map(value -> URLDecoder.decode(value, StandardCharsets.UTF_8))
                    .toList())
        .toList();
  }

  private interface Parse<T> {
    T run();
  }

  private NicIdentity identity(String root, String key) {
    return parsed(key, () -> NicIdentity.parse(key.substring(root.length())));
  }

  private <T> T parsed(String key, Parse<T> parse) {
    try {
      return parse.run();
    } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeException e) {
      throw new ProviderException(
          provider,
          Reason.UNAVAILABLE,
          false,
          "journal entry " + key + ": can't be understood; restore the store from a backup",
          e);
    }
  }
}
