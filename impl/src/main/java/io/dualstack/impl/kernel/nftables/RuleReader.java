package io.dualstack.impl.kernel.nftables;

import io.dualstack.net.IpPrefix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Reads one rule. Sets without a name that it asks are made before it. */
final class RuleReader {
  private static final Map<String, Integer> STATES =
      Map.of("invalid", 1, "established", 2, "related", 4, "new", 8, "untracked", 64);

  private final Tokens tokens;
  private final Batch batch;
  private final Expressions rule = new Expressions();
  private int family;
  private int protocol;

  RuleReader(Tokens tokens, Batch batch) {
    this.tokens = tokens;
    this.batch = batch;
  }

  /** Reads up to the end of the line. */
  Attributes read() {
    while (!tokens.peek().equals(Tokens.LINE) && !tokens.peek().equals("}")) {
      statement();
    }
    return rule.out();
  }

  private void statement() {
    String word = tokens.next();
    Expressions read =
        switch (word) {
          case "accept", "drop" -> rule.decide(SetType.verdict(word), "");
          case "goto" -> rule.decide(Expressions.GOTO, tokens.next());
          case "jump" -> rule.decide(Expressions.JUMP, tokens.next());
          case "reject" -> {
            tokens.expect("with", "icmpx", "port-unreachable");
            yield rule.reject();
          }
          case "log" -> {
            tokens.expect("prefix");
            yield rule.log(tokens.text());
          }
          case "limit" -> {
            tokens.expect("rate");
            long perSecond = tokens.perSecond();
            yield rule.limit(perSecond, burst());
          }
          case "update" -> above();
          case "ct" -> states();
          case "dnat" -> {
            tokens.expect("ip", "to");
            int address = Expressions.REGISTER;
            found(field(tokens.next()));
            yield rule.mapTo(address, address + 1);
          }
          case "masquerade" -> rule.masquerade();
          default -> condition(word);
        };
    assert read == rule;
  }

  private int burst() {
    tokens.expect("burst");
    int burst = (int) tokens.number();
    tokens.expect("packets");
    return burst;
  }

  private Expressions above() {
    Expressions.Reference set = batch.reference(tokens.reference());
    tokens.expect("{");
    load(fields(field(tokens.next())));
    tokens.expect("limit", "rate", "over");
    long perSecond = tokens.perSecond();
    int burst = burst();
    tokens.expect("}");
    return rule.above(set, Expressions.REGISTER, perSecond, burst);
  }

  private Expressions states() {
    tokens.expect("state");
    int mask = 0;
    do {
      String state = tokens.next();
      Integer bit = STATES.get(state);
      if (bit == null) {
        throw new IllegalArgumentException(
            state + ": is no state of connections that is known here");
      }
      mask |= bit;
    } while (tokens.accept(","));
    return rule.states(word(mask));
  }

  private static byte[] word(int value) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(value).array();
  }

  // Conditions

  /** Reads a field that begins with a word. */
  private Field field(String first) {
    return Field.of(first)
        .or(() -> Field.of(first + " " + tokens.next()))
        .orElseThrow(
            () -> new IllegalArgumentException(first + ": begins nothing that is known here"));
  }

  private List<Field> fields(Field first) {
    List<Field> fields = new ArrayList<>(List.of(first));
    while (tokens.accept(".")) {
      fields.add(field(tokens.next()));
    }
    return fields;
  }

  private void load(List<Field> fields) {
    for (Field field : fields) {
      if (field.family() != 0 && field.family() != family) {
        family = field.family();
        expect(Field.FAMILY, family);
      }
      if (field.protocol() != 0 && field.protocol() != protocol) {
        protocol = field.protocol();
        expect(Field.PROTOCOL, protocol);
      }
    }
    int register = Expressions.REGISTER;
    for (Field field : fields) {
      Expressions loaded = rule.load(field, register);
      if (fields.size() > 1 && field == Field.MARK) {
        loaded = loaded.swapped(register);
      }
      assert loaded == rule;
      register += SetType.words(field.type());
    }
  }

  private void expect(Field field, int value) {
    Expressions expected =
        rule.load(field, Expressions.REGISTER)
            .compare(Expressions.REGISTER, Expressions.EQUAL, new byte[] {(byte) value});
    assert expected == rule;
  }

  private Expressions condition(String word) {
    List<Field> fields = fields(field(word));
    int register = Expressions.REGISTER;
    if (tokens.accept("set")) {
      found(field(tokens.next()));
      return rule.setMark(register);
    }
    load(fields);
    if (tokens.accept("vmap")) {
      return rule.lookUp(
          batch.reference(tokens.reference()), register, Expressions.VERDICT_REGISTER);
    }
    if (tokens.peek().startsWith("@")) {
      return rule.lookUp(batch.reference(tokens.reference()), register);
    }
    if (tokens.peek().equals("{")) {
      return oneOf(fields);
    }
    boolean isNot = tokens.accept("!=");
    return compare(fields.get(0), tokens.text(), isNot);
  }

  /** Reads what is asked of a map, and the map. */
  private void found(Field field) {
    load(List.of(field));
    tokens.expect("map");
    Expressions looked =
        rule.lookUp(
            batch.reference(tokens.reference()), Expressions.REGISTER, Expressions.REGISTER);
    assert looked == rule;
  }

  private Expressions oneOf(List<Field> fields) {
    List<Datatype> types = fields.stream().map(Field::type).toList();
    SetElements elements = SetElements.read(tokens, new SetType(types, List.of(), false, true));
    if (fields.size() == 1 && elements.all().size() == 1) {
      SetElements.Element only = elements.all().get(0);
      return between(fields.get(0), only.first(), only.last());
    }
    SetType type = new SetType(types, List.of(), false, !elements.isPoints());
    if (type.isInterval() && types.equals(List.of(Datatype.MARK))) {
      throw new IllegalArgumentException("ranges of marks among others: are not known here");
    }
    return rule.lookUp(batch.unnamed(new SetElements(type, elements.all())), Expressions.REGISTER);
  }

  private Expressions compare(Field field, String value, boolean isNot) {
    SetType type = new SetType(List.of(field.type()), List.of(), false, true);
    byte[] first = type.key(List.of(value), true);
    byte[] last = type.key(List.of(value), false);
    if (!isNot) {
      if (field == Field.PROTOCOL) {
        protocol = first[0];
      }
      return between(field, first, last);
    }
    return Arrays.equals(first, last)
        ? rule.compare(Expressions.REGISTER, Expressions.UNEQUAL, first)
        : rule.outside(Expressions.REGISTER, mask(value), first);
  }

  /** Returns which bits a prefix says. */
  private static byte[] mask(String prefix) {
    IpPrefix read = IpPrefix.parse(prefix);
    byte[] mask = read.first().toBytes();
    byte[] last = read.last().toBytes();
    for (int i = 0; i < mask.length; i++) {
      mask[i] = (byte) ~(mask[i] ^ last[i]);
    }
    return mask;
  }

  private Expressions between(Field field, byte[] first, byte[] last) {
    int register = Expressions.REGISTER;
    if (Arrays.equals(first, last)) {
      return rule.compare(register, Expressions.EQUAL, first);
    }
    if (field == Field.MARK) {
      throw new IllegalArgumentException("a range of marks: is not known here");
    }
    return rule.compare(register, Expressions.AT_LEAST, first)
        .compare(register, Expressions.AT_MOST, last);
  }
}
