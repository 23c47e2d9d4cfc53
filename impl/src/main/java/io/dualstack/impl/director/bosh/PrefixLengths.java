package io.dualstack.impl.director.bosh;

import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads how long the blocks of a network are, in every spelling: the director's {@code prefix}, the
 * accepted RFC's {@code ipv6_prefix_delegation_size}, and the same in {@code cloud_properties} as
 * in the RFC's example. They mean the same thing.
 */
final class PrefixLengths {

  /** The director's key; for both families. */
  static final String PREFIX = "prefix";

  /** The RFC's key; for IPv6. */
  static final String DELEGATION_SIZE = "ipv6_prefix_delegation_size";

  private static final Pattern DECIMAL = Pattern.compile("0|[1-9][0-9]{0,8}");

  private final Findings findings;

  PrefixLengths(Findings findings) {
    this.findings = findings;
  }

  /**
   * A length as one of the spellings has it.
   *
   * @param at where it stands
   * @param key the spelling
   * @param bits the length
   */
  record Length(YamlValue at, String key, int bits) {}

  /**
   * Reads all spellings that are used.
   *
   * @param sections the mappings in which they may stand
   * @return the length; null if there is none, or, with an error, none that can be used
   */
  @Nullable Length read(List<Section> sections) {
    List<Length> lengths = new ArrayList<>();
    for (Section section : sections) {
      for (String key : List.of(PREFIX, DELEGATION_SIZE)) {
        boolean isOpaque = section != sections.get(0) && key.equals(PREFIX);
        YamlValue at = isOpaque ? null : section.get(key);
        Integer bits = at == null ? null : bits(at);
        if (at != null && bits != null) {
          lengths.add(new Length(at, key, bits));
        }
      }
    }
    for (Length other : lengths) {
      Length first = lengths.get(0);
      if (other.bits() != first.bits()) {
        findings.error(
            other.at().place(),
            "NetworkInvalidProperty",
            "%d: differs from %s, which is %d (line %d), and both mean the same; keep one of them"
                .formatted(
                    other.bits(), first.at().path(), first.bits(), first.at().place().line()));
        return null;
      }
    }
    return lengths.isEmpty() ? null : lengths.get(0);
  }

  private @Nullable Integer bits(YamlValue at) {
    PsychScalar scalar = at.scalar();
    if (Placeholder.refuse(at, findings) || (scalar != null && scalar.isNull())) {
      return null;
    }
    if (scalar != null && scalar.value() instanceof BigInteger number) {
      Section.warnOfNotation(at, scalar, findings);
      return number.bitLength() < Integer.SIZE ? number.intValue() : Integer.MAX_VALUE;
    }
    if (scalar != null && DECIMAL.matcher(scalar.text()).matches()) {
      return Integer.parseInt(scalar.text());
    }
    Section.wrongType(
        at, "a prefix length", "write a decimal number without leading zeros", findings);
    return null;
  }

  /**
   * Checks that a range has blocks of a length.
   *
   * @return whether it has
   */
  boolean fits(Length length, IpPrefix range) {
    IpFamily family = range.family();
    if (length.key().equals(DELEGATION_SIZE) && family == IpFamily.IPV4) {
      return refuse(
          length,
          "NetworkInvalidProperty",
          "%s is for IPv6, and range %s is IPv4; use %s for the size of IPv4 prefixes"
              .formatted(DELEGATION_SIZE, range, PREFIX));
    }
    if (length.bits() < 0 || length.bits() > family.bits()) {
      return refuse(
          length,
          "NetworkInvalidProperty",
          "is no length of an %s prefix%s; use %d to %d"
              .formatted(
                  family.label(),
                  length.bits() > family.bits()
                      ? ", which BOSH accepts silently until it fails"
                      : "",
                  range.length(),
                  family.bits()));
    }
    if (length.bits() < range.length()) {
      return refuse(
          length,
          "NetworkPrefixSizeTooBig",
          "prefixes of this length are larger than range %s; use %d to %d"
              .formatted(range, range.length(), family.bits()));
    }
    if (length.bits() == range.length()) {
      findings.warning(
          length.at().place(),
          "NetworkPrefixLeavesNoBlocks",
          "%d: is the length of the range %s itself, whose first and last address are never handed"
                  .formatted(length.bits(), range)
              + " out, so there is nothing to hand out; use a larger number");
    }
    return true;
  }

  private boolean refuse(Length length, String code, String problem) {
    findings.error(length.at().place(), code, "%d: %s".formatted(length.bits(), problem));
    return false;
  }
}
