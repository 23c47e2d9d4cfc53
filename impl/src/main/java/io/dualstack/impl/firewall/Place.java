package io.dualstack.impl.firewall;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A value of a file, and where its faults go.
 *
 * @param source the file
 * @param pointer the JSON pointer of the value
 * @param value the value; missing where there is none
 * @param findings collects faults
 */
public record Place(String source, String pointer, JsonNode value, Findings findings) {
  private static final int MOST_SHOWN = 80;

  /** Returns a member of an object; missing if it is not there. */
  public Place member(String key) {
    String escaped = key.replace("~", "~0").replace("/", "~1");
    return new Place(source, pointer + "/" + escaped, value.path(key), findings);
  }

  /** Returns an element of an array. */
  public Place element(int index) {
    return new Place(source, pointer + "/" + index, value.path(index), findings);
  }

  /** Tells whether there is no value. */
  public boolean isAbsent() {
    return value.isMissingNode();
  }

  /** Refuses this value. */
  public void refuse(String code, String what) {
    findings.refuse(source, pointer, code, shown() + ": " + what);
  }

  /** Refuses a part of this value, or what should be here and is not. */
  public void refusePart(String part, String code, String what) {
    findings.refuse(source, pointer, code, (part.isEmpty() ? "" : shown(part) + ": ") + what);
  }

  private String shown() {
    return value.isTextual() ? shown(value.textValue()) : shortened(value.toString());
  }

  private static String shown(String text) {
    return "\"" + shortened(text) + "\"";
  }

  private static String shortened(String text) {
    return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
  }
}
