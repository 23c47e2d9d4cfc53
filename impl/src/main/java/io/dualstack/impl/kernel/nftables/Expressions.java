package io.dualstack.impl.kernel.nftables;

import java.util.function.Consumer;

/**
 * Writes what a rule consists of: steps that load, compare and decide. Attributes have the numbers
 * of the kernel's {@code nf_tables.h}.
 */
final class Expressions {
  static final int EQUAL = 0;
  static final int UNEQUAL = 1;
  static final int AT_MOST = 3;
  static final int AT_LEAST = 5;

  static final int ACCEPT = 1;
  static final int DROP = 0;
  static final int JUMP = -3;
  static final int GOTO = -4;

  static final int VERDICT_REGISTER = 0;

  /** The first of registers of four bytes. */
  static final int REGISTER = 8;

  private static final int VALUE = 1;
  private static final int VERDICT = 2;
  private static final int LIST_ELEMENT = 1;
  private static final int MARK = 3;
  private static final int PACKETS = 0;
  private static final int INVERTED = 1;

  private final Attributes out = new Attributes();

  Attributes out() {
    return out;
  }

  private static void expression(
      Attributes out, int attribute, String name, Consumer<Attributes> data) {
    out.nested(attribute, each -> each.text(1, name).nested(2, data));
  }

  private Expressions step(String name, Consumer<Attributes> data) {
    expression(out, LIST_ELEMENT, name, data);
    return this;
  }

  Expressions load(Field field, int register) {
    return field.isMeta()
        ? step("meta", data -> data.number(1, register).number(2, field.at()))
        : step(
            "payload",
            data ->
                data.number(1, register)
                    .number(2, field.base())
                    .number(3, field.at())
                    .number(4, field.type().size()));
  }

  /** Puts the highest byte of a number first, as sets with keys of several parts have it. */
  Expressions swapped(int register) {
    return step(
        "byteorder",
        data ->
            data.number(1, register).number(2, register).number(3, 1).number(4, 4).number(5, 4));
  }

  Expressions compare(int register, int how, byte[] with) {
    return step("cmp", data -> value(data.number(1, register).number(2, how), 3, with));
  }

  /** Goes on with what is not in a prefix. */
  Expressions outside(int register, byte[] mask, byte[] prefix) {
    return masked(register, mask).compare(register, UNEQUAL, prefix);
  }

  private Expressions masked(int register, byte[] mask) {
    byte[] none = new byte[mask.length];
    return step(
        "bitwise",
        data ->
            value(
                value(data.number(1, register).number(2, register).number(3, mask.length), 4, mask),
                5,
                none));
  }

  /** Asks for a connection's state, one of a mask. */
  Expressions states(byte[] mask) {
    return step("ct", data -> data.number(1, REGISTER).number(2, 0))
        .masked(REGISTER, mask)
        .compare(REGISTER, UNEQUAL, new byte[mask.length]);
  }

  /** Asks a set. */
  Expressions lookUp(Reference set, int register) {
    return step("lookup", data -> set.write(data, 1, 4).number(2, register));
  }

  /** Asks a map, and has what is found in a register. */
  Expressions lookUp(Reference map, int register, int into) {
    return step("lookup", data -> map.write(data, 1, 4).number(2, register).number(3, into));
  }

  Expressions decide(int code, String chain) {
    return step(
        "immediate",
        data -> {
          data.number(1, VERDICT_REGISTER);
          verdict(data, 2, code, chain);
        });
  }

  Expressions reject() {
    int anyFamily = 2;
    return step("reject", data -> data.number(1, anyFamily).value(2, new byte[] {1}));
  }

  Expressions log(String prefix) {
    return step("log", data -> data.text(2, prefix));
  }

  Expressions limit(long perSecond, int burst) {
    return step("limit", limit(perSecond, burst, 0));
  }

  private static Consumer<Attributes> limit(long perSecond, int burst, int flags) {
    return data ->
        data.wide(1, perSecond).wide(2, 1).number(3, burst).number(4, PACKETS).number(5, flags);
  }

  /** Counts in a set, and goes on with what is above a limit. */
  Expressions above(Reference set, int register, long perSecond, int burst) {
    int update = 1;
    return step(
        "dynset",
        data -> {
          set.write(data, 1, 2).number(3, update).number(4, register);
          expression(data, 7, "limit", limit(perSecond, burst, INVERTED));
        });
  }

  Expressions setMark(int register) {
    return step("meta", data -> data.number(2, MARK).number(3, register));
  }

  /** Sends a packet to an IPv4 address and a port, which are in registers. */
  Expressions mapTo(int address, int port) {
    int destination = 1;
    int ipv4 = 2;
    return step(
        "nat",
        data -> data.number(1, destination).number(2, ipv4).number(3, address).number(5, port));
  }

  Expressions masquerade() {
    return step("masq", data -> {});
  }

  static Attributes value(Attributes out, int type, byte[] value) {
    return out.nested(type, data -> data.value(VALUE, value));
  }

  static Attributes verdict(Attributes out, int type, int code, String chain) {
    return out.nested(
        type,
        data ->
            data.nested(
                VERDICT,
                verdict -> {
                  verdict.number(1, code);
                  if (!chain.isEmpty()) {
                    verdict.text(2, chain);
                  }
                }));
  }

  /**
   * A set or map.
   *
   * @param number its number in the transaction that makes it; 0 if that is another
   */
  record Reference(String name, int number) {
    private Attributes write(Attributes out, int nameAttribute, int numberAttribute) {
      out.text(nameAttribute, name);
      return number == 0 ? out : out.number(numberAttribute, number);
    }
  }
}
