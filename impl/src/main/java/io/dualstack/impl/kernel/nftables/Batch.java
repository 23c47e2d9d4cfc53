package io.dualstack.impl.kernel.nftables;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The messages of one transaction, in their order. Numbers are those of the kernel's {@code
 * nf_tables.h} and {@code nfnetlink.h}.
 */
final class Batch {
  static final int NEW_TABLE = 0;
  static final int DELETE_TABLE = 2;
  static final int NEW_CHAIN = 3;
  static final int DELETE_CHAIN = 5;
  static final int NEW_RULE = 6;
  static final int NEW_SET = 9;
  static final int DELETE_SET = 11;
  static final int NEW_ELEMENT = 12;
  static final int DELETE_ELEMENT = 14;

  private static final int BEGIN = 16;
  private static final int END = 17;
  private static final int SUBSYSTEM = 10;
  private static final int INET = 1;
  private static final int HEADER_BYTES = 20;

  private static final int REQUEST = 1;
  private static final int ACKNOWLEDGE = 4;
  private static final int CREATE = 0x400;
  private static final int APPEND = 0x800;

  private static final int ANONYMOUS = 1;
  private static final int CONSTANT = 2;
  private static final int INTERVAL = 4;
  private static final int MAP = 8;
  private static final int TIMEOUT = 0x10;
  private static final int DYNAMIC = 0x20;
  private static final int CONCATENATION = 0x80;

  /** The name of which the kernel makes one that is free. */
  private static final String UNNAMED = "__set%d";

  /** An attribute holds less than twice as many bytes. */
  private static final int MOST_BYTES_OF_ELEMENTS = 40_000;

  private final Attributes out = new Attributes();
  private final int first;
  private final List<String> said = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private String table = "";
  private int sets;
  private int last;

  /**
   * Begins a transaction.
   *
   * @param first the number of its first message
   */
  Batch(int first) {
    this.first = first;
    frame(BEGIN, SUBSYSTEM);
  }

  /** Says what the messages are about that follow. */
  void table(String name) {
    table = name;
  }

  private void frame(int type, int subsystem) {
    int start = begin(type, 0, subsystem, type == BEGIN ? "the transaction" : "its end");
    out.close(start);
  }

  private int begin(int type, int flags, int subsystem, String what) {
    int start = out.length();
    int sequence = first + said.size();
    said.add(what);
    boolean isFrame = subsystem != 0;
    Attributes header =
        out.raw(
            buffer -> {
              buffer.putInt(0).putShort((short) type).putShort((short) (REQUEST | flags));
              buffer.putInt(sequence).putInt(0);
              buffer.put((byte) (isFrame ? 0 : INET)).put((byte) 0);
              buffer.order(ByteOrder.BIG_ENDIAN).putShort((short) subsystem);
            },
            HEADER_BYTES);
    assert header == out;
    return start;
  }

  private void message(int verb, String what, Consumer<Attributes> content) {
    int flags = verb == NEW_RULE ? CREATE | APPEND : verb % 3 == 0 ? CREATE : 0;
    last = out.length();
    int start = begin(SUBSYSTEM << 8 | verb, flags, 0, what);
    content.accept(out.text(1, table));
    out.close(start);
  }

  /** Makes or deletes the table, or a chain or set in it. */
  void plain(int verb, String name) {
    int nameAttribute = verb == NEW_CHAIN || verb == DELETE_CHAIN ? 3 : 2;
    message(
        verb,
        name.isEmpty() ? table : name,
        each -> {
          if (!name.isEmpty()) {
            Attributes named = each.text(nameAttribute, name);
            assert named == each;
          }
        });
  }

  /**
   * Makes a chain that packets are sent to by the kernel, which accepts what it does not decide.
   */
  void baseChain(String name, String type, int hook, int priority) {
    message(
        NEW_CHAIN,
        name,
        each ->
            each.text(3, name)
                .nested(4, at -> at.number(1, hook).number(2, priority))
                .number(5, Expressions.ACCEPT)
                .text(7, type));
  }

  void rule(String chain, Attributes expressions) {
    message(
        NEW_RULE,
        "a rule of " + chain,
        each -> each.text(2, chain).nested(4, in -> in.raw(expressions)));
  }

  /**
   * Makes a set or map.
   *
   * @param size the most elements; 0 for any number
   * @param timeoutMillis after which elements are forgotten that rules put there; 0 if none do
   */
  void set(String name, SetType type, long size, long timeoutMillis) {
    int dynamic = timeoutMillis > 0 ? DYNAMIC | TIMEOUT : 0;
    set(name, type, dynamic, size, timeoutMillis);
    numbers.put(name, sets);
  }

  private void set(String name, SetType type, int moreFlags, long size, long timeoutMillis) {
    boolean isConcatenation = type.isInterval() && type.isConcatenation();
    int flags =
        moreFlags
            | (type.isMap() ? MAP : 0)
            | (type.isInterval() ? INTERVAL : 0)
            | (isConcatenation ? CONCATENATION : 0);
    sets++;
    message(
        NEW_SET,
        name,
        each -> {
          each.text(2, name).number(3, flags).number(4, type.keyNumber()).number(5, type.size());
          if (type.isMap()) {
            each.number(6, type.valueNumber()).number(7, type.valueSize());
          }
          if (size > 0 || isConcatenation) {
            each.nested(9, description -> describe(description, type, size, isConcatenation));
          }
          each.number(10, sets);
          if (timeoutMillis > 0) {
            each.wide(11, timeoutMillis);
          }
          each.value(13, UserData.orders(type));
        });
  }

  private static void describe(
      Attributes description, SetType type, long size, boolean isConcatenation) {
    if (size > 0) {
      description.number(1, size);
    }
    if (isConcatenation) {
      description.nested(
          2,
          list ->
              type.keys().forEach(part -> list.nested(1, field -> field.number(1, part.size()))));
    }
  }

  /** Makes a set without a name, for one rule. */
  Expressions.Reference unnamed(SetElements elements) {
    set(UNNAMED, elements.type(), ANONYMOUS | CONSTANT, elements.all().size(), 0);
    Expressions.Reference reference = new Expressions.Reference(UNNAMED, sets);
    elements(NEW_ELEMENT, reference, elements.written());
    return reference;
  }

  /** Returns what leads to a set or map, of this transaction or of another before. */
  Expressions.Reference reference(String name) {
    return new Expressions.Reference(name, numbers.getOrDefault(name, 0));
  }

  /** Adds or deletes elements, in as many messages as they take. */
  void elements(int verb, Expressions.Reference set, List<Attributes> elements) {
    int next = 0;
    while (next < elements.size()) {
      int from = next;
      int bytes = 0;
      while (next < elements.size() && bytes < MOST_BYTES_OF_ELEMENTS) {
        bytes += elements.get(next).length();
        next++;
      }
      List<Attributes> some = elements.subList(from, next);
      message(
          verb,
          "an element of " + set.name(),
          each -> {
            each.text(2, set.name());
            if (set.number() > 0) {
              each.number(4, set.number());
            }
            each.nested(3, list -> some.forEach(list::raw));
          });
    }
  }

  /** Ends it: the last message asks for an answer. */
  Attributes ended() {
    out.raise(last, ACKNOWLEDGE);
    frame(END, SUBSYSTEM);
    return out;
  }

  /** The number of the message that is answered. */
  int answered() {
    return first + said.size() - 2;
  }

  /** The number that comes after all. */
  int next() {
    return first + said.size();
  }

  boolean isOwn(int sequence) {
    return first <= sequence && sequence < next();
  }

  /** Returns what a message is about. */
  String said(int sequence) {
    return said.get(sequence - first);
  }
}
