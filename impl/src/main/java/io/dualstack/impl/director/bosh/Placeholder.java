package io.dualstack.impl.director.bosh;

import java.util.regex.Pattern;

/** Recognises values that are still to be filled in: {@code ((name))} and ERB. */
final class Placeholder {

  private static final Pattern VARIABLE = Pattern.compile("\\(\\([^()]*\\)\\)");

  private Placeholder() {}

  static boolean isIn(String text) {
    return text.contains("<%") || VARIABLE.matcher(text).find();
  }

  /** Reports a scalar that holds a placeholder; returns whether it does. */
  static boolean refuse(YamlValue value, Findings findings) {
    PsychScalar scalar = value.scalar();
    if (scalar == null || !isIn(scalar.text())) {
      return false;
    }
    findings.error(
        value.place(),
        "UnresolvedVariable",
        "%s: has a variable that is not filled in; interpolate the file first, such as with bosh"
                .formatted(value.shown())
            + " interpolate FILE --vars-file VARS, and give the result");
    return true;
  }
}
