package io.dualstack.impl.director.bosh;

import io.dualstack.impl.director.bosh.PsychScalar.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns what is only passed on, such as {@code cloud_properties}, into maps, lists, texts, numbers,
 * booleans and nulls, as they would arrive at the provider in JSON.
 */
final class PlainValues {

  private static final int DEEPEST = 100;

  private final Findings findings;

  PlainValues(Findings findings) {
    this.findings = findings;
  }

  /** The {@code cloud_properties} of a mapping; none if there are none. */
  Map<String, Object> cloudProperties(Section owner) {
    Section properties = owner.section("cloud_properties");
    return properties == null ? Map.of() : map(properties.value(), 0);
  }

  private Map<String, Object> map(YamlValue mapping, int depth) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    MappingFields.of(mapping, findings)
        .forEach((key, field) -> values.put(key, value(mapping.field(key, field.value()), depth)));
    return asJson(values);
  }

  private @Nullable Object value(YamlValue value, int depth) {
    if (depth > DEEPEST) {
      findings.error(
          value.place(),
          "YamlRecursion",
          "holds itself, or more than %d values in one another; write it without aliases"
              .formatted(DEEPEST));
      return null;
    }
    if (value.isMapping()) {
      return map(value, depth + 1);
    }
    if (value.isSequence()) {
      List<@Nullable Object> items = new ArrayList<>();
      for (YamlValue item : value.items()) {
        items.add(value(item, depth + 1));
      }
      return Collections.unmodifiableList(items);
    }
    PsychScalar scalar = value.scalar();
    return scalar == null ? null : scalar(value, scalar);
  }

  private @Nullable Object scalar(YamlValue at, PsychScalar scalar) {
    if (Placeholder.isIn(scalar.text())) {
      findings.warning(
          at.place(),
          "UnresolvedVariable",
          "%s: has a variable that is not filled in and is passed on as it is; interpolate the file"
                  .formatted(at.shown())
              + " first");
    }
    if (scalar.kind() == Kind.NULL) {
      return null;
    }
    if (scalar.kind() == Kind.SYMBOL) {
      findings.warning(
          at.place(),
          "YamlReadsDifferently",
          "%s: is a symbol to BOSH, which loses its first colon; put it in quotes"
              .formatted(at.shown()));
      return scalar.text().substring(1);
    }
    return jsonValue(scalar);
  }

  private static Object jsonValue(PsychScalar scalar) {
    if (scalar.value() instanceof BigInteger number && number.bitLength() < Long.SIZE) {
      return number.longValue();
    }
    boolean isNoJson = scalar.value() instanceof Double number && !Double.isFinite(number);
    return isNoJson ? scalar.text() : scalar.value();
  }

  /** A map may hold nulls, which its type in signatures doesn't say. */
  @SuppressWarnings("NullAway")
  private static Map<String, Object> asJson(Map<String, @Nullable Object> values) {
    return Collections.unmodifiableMap(values);
  }
}
