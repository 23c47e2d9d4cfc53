package io.dualstack.impl.director.bosh;

import java.math.BigInteger;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mapping of a file whose fields are asked for by name and type. A field of the wrong type is
 * reported here and then reads as null, like one that is absent: ask {@link #has} to tell them
 * apart.
 */
final class Section {

  private static final String WRONG_TYPE = "ValidationInvalidType";

  private final YamlValue value;
  private final Map<String, KeyedNode> fields;
  private final Findings findings;

  private Section(YamlValue value, Map<String, KeyedNode> fields, Findings findings) {
    this.value = value;
    this.fields = fields;
    this.findings = findings;
  }

  /** The value as a mapping; null, with an error, if it is none. */
  static @Nullable Section of(YamlValue value, Findings findings) {
    if (!value.isMapping()) {
      wrongType(value, "a mapping", "write its fields below it", findings);
      return null;
    }
    return new Section(value, MappingFields.of(value, findings), findings);
  }

  /** Reports a value of the wrong type, or a placeholder that stands for one of any type. */
  static void wrongType(YamlValue at, String expected, String remedy, Findings findings) {
    if (Placeholder.refuse(at, findings)) {
      return;
    }
    PsychScalar scalar = at.scalar();
    String is =
        scalar == null || scalar.text().isEmpty()
            ? at.shown() + ": stands"
            : at.shown() + ": is " + scalar.reads() + " to BOSH";
    findings.error(
        at.place(), WRONG_TYPE, "%s where %s is expected; %s".formatted(is, expected, remedy));
  }

  YamlValue value() {
    return value;
  }

  boolean has(String key) {
    return fields.containsKey(key);
  }

  /** The field whatever it is; null if it is absent. */
  @Nullable YamlValue get(String key) {
    KeyedNode field = fields.get(key);
    return field == null ? null : value.field(key, field.value());
  }

  /** The place of a field's key; of the mapping if there is no such field. */
  Place placeOfKey(String key) {
    KeyedNode field = fields.get(key);
    return field == null ? value.placeOfMissing(key) : value.placeOfKey(key, field.key());
  }

  /** Reports a required field that is absent. */
  void missing(String key, String remedy) {
    findings.error(
        value.placeOfMissing(key), "ValidationMissingField", key + ": is missing; " + remedy);
  }

  /** A name or other text; numbers count as text if they read the same either way. */
  @Nullable String text(String key) {
    YamlValue field = get(key);
    if (field == null || Placeholder.refuse(field, findings)) {
      return null;
    }
    PsychScalar scalar = field.scalar();
    if (scalar != null) {
      boolean isText = scalar.kind() == PsychScalar.Kind.STRING;
      boolean isNumber =
          scalar.value() instanceof BigInteger || scalar.kind() == PsychScalar.Kind.FLOAT;
      if (isText || (isNumber && scalar.value().toString().equals(scalar.text()))) {
        return scalar.text();
      }
    }
    wrongType(field, "text", scalar == null ? "write one text" : "put it in quotes", findings);
    return null;
  }

  /** A text that must be there and not be empty. */
  @Nullable String requiredText(String key, String remedy) {
    if (!has(key)) {
      missing(key, remedy);
      return null;
    }
    String text = text(key);
    if (text != null && text.isEmpty()) {
      findings.error(placeOf(key), "ValidationInvalidValue", "\"\": is an empty text; " + remedy);
      return null;
    }
    return text;
  }

  @Nullable Boolean flag(String key) {
    YamlValue field = get(key);
    if (field == null || Placeholder.refuse(field, findings)) {
      return null;
    }
    PsychScalar scalar = field.scalar();
    if (scalar != null && scalar.value() instanceof Boolean flag) {
      return flag;
    }
    wrongType(field, "a boolean", "write true or false without quotes", findings);
    return null;
  }

  /** A whole number without quotes. */
  @Nullable BigInteger integer(String key) {
    YamlValue field = get(key);
    if (field == null || Placeholder.refuse(field, findings)) {
      return null;
    }
    PsychScalar scalar = field.scalar();
    if (scalar != null && scalar.value() instanceof BigInteger number) {
      warnOfNotation(field, scalar, findings);
      return number;
    }
    wrongType(field, "a whole number", "write it in decimal without quotes", findings);
    return null;
  }

  /** Warns if a number is not the one that people read. */
  static void warnOfNotation(YamlValue field, PsychScalar scalar, Findings findings) {
    if (!scalar.value().toString().equals(scalar.text())) {
      findings.warning(
          field.place(),
          "YamlReadsDifferently",
          "%s: is read as %s, as BOSH does; write %s"
              .formatted(field.shown(), scalar.value(), scalar.value()));
    }
  }

  /** The items of a list; null if there is no list. */
  @Nullable List<YamlValue> list(String key) {
    YamlValue field = get(key);
    if (field == null) {
      return null;
    }
    if (!field.isSequence()) {
      wrongType(field, "a list", "write each item behind a hyphen", findings);
      return null;
    }
    return field.items();
  }

  /** A mapping below this one; null if there is none. */
  @Nullable Section section(String key) {
    YamlValue field = get(key);
    return field == null ? null : of(field, findings);
  }

  private Place placeOf(String key) {
    YamlValue field = get(key);
    return field == null ? value.placeOfMissing(key) : field.place();
  }

  /** Warns of every field that BOSH would pass over. */
  void warnOfUnknown(Collection<String> known, String what) {
    for (String key : fields.keySet()) {
      if (!known.contains(key)) {
        String question = NearestKey.question(key, known);
        findings.warning(
            placeOfKey(key),
            "UnknownKey",
            "%s: is no key of %s and has no effect;%s"
                .formatted(
                    Shown.text(key),
                    what,
                    question.isEmpty() ? " remove it, or move it where it belongs" : question));
      }
    }
  }
}
