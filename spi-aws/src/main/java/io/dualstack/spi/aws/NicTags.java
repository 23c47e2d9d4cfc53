package io.dualstack.spi.aws;

import io.dualstack.allocation.Owner;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.support.NicIdentity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Tag;

/** How the identity of a NIC is written into the tags of a network interface. */
final class NicTags {
  /** The longest value of a tag, in characters. */
  static final int LONGEST = 256;

  private static final String PREFIX = "dualstack:";
  private static final String FOUNDATION = PREFIX + "foundation";
  private static final String OWNER = PREFIX + "owner";
  private static final String NIC = PREFIX + "nic";
  private static final String INCARNATION = PREFIX + "incarnation";

  /** On an interface whose primary IPv4 address EC2 added, because there is none without. */
  private static final String PRIMARY = PREFIX + "primary-ipv4";

  private static final String UNASKED = "unasked";

  private final String foundation;

  NicTags(String foundation) {
    this.foundation = foundation;
  }

  /** Whose an interface is. */
  record Whose(NicIdentity identity, String incarnation) {}

  /**
   * Returns the tags of a new interface.
   *
   * @param asksForPrimary whether its primary IPv4 address is one that was asked for
   */
  List<Tag> of(NicIdentity identity, String incarnation, boolean asksForPrimary) {
    List<Tag> tags = new ArrayList<>();
    tags.add(tag(FOUNDATION, foundation));
    tags.add(tag(OWNER, identity.owner().id()));
    tags.add(tag(NIC, identity.nic()));
    tags.add(tag(INCARNATION, incarnation));
    if (!asksForPrimary) {
      tags.add(tag(PRIMARY, UNASKED));
    }
    return tags;
  }

  /** Returns the tags that make an interface ours, without values, to be taken off. */
  static List<Tag> names() {
    return List.of(FOUNDATION, OWNER, NIC, INCARNATION).stream()
        .map(name -> Tag.builder().key(name).build())
        .toList();
  }

  /** Returns those of the tags that somebody else has put on. */
  static List<Tag> foreign(List<Tag> tags) {
    return tags.stream()
        .filter(tag -> !tag.key().startsWith(PREFIX) && !tag.key().startsWith("aws:"))
        .toList();
  }

  Optional<Whose> read(List<Tag> tags) {
    Map<String, String> values = new HashMap<>();
    tags.forEach(tag -> values.put(tag.key(), tag.value() == null ? "" : tag.value()));
    @Nullable String owner = values.get(OWNER);
    @Nullable String nic = values.get(NIC);
    @Nullable String incarnation = values.get(INCARNATION);
    if (!foundation.equals(values.get(FOUNDATION))
        || owner == null
        || owner.isEmpty()
        || owner.length() > Owner.MAX_LENGTH
        || nic == null
        || incarnation == null) {
      return Optional.empty();
    }
    return Optional.of(new Whose(new NicIdentity(new Owner(owner), nic), incarnation));
  }

  static boolean primaryIsUnasked(List<Tag> tags) {
    return tags.stream().anyMatch(tag -> tag.key().equals(PRIMARY) && UNASKED.equals(tag.value()));
  }

  /** Says why a request's identity doesn't fit into tags. */
  Optional<String> refuse(NicRequest request) {
    return tooLong("the owner", request.owner().id())
        .or(() -> tooLong("the NIC's name", request.nic()))
        .or(() -> tooLong("the incarnation", request.incarnation()));
  }

  private static Optional<String> tooLong(String what, String value) {
    return value.length() > LONGEST
        ? Optional.of(
            "%s has %d characters, and an EC2 tag %d at most; use a shorter one"
                .formatted(what, value.length(), LONGEST))
        : Optional.empty();
  }

  /** Returns what all interfaces of this foundation are found by. */
  Filter ours() {
    return filter("tag:" + FOUNDATION, foundation);
  }

  /** Returns what the interface of a NIC is found by. */
  List<Filter> of(NicIdentity identity) {
    return List.of(
        ours(),
        filter("tag:" + OWNER, identity.owner().id()),
        filter("tag:" + NIC, identity.nic()));
  }

  /** Returns a filter for exactly this value, in which EC2 would see wildcards. */
  static Filter filter(String name, String value) {
    String literal = value.replace("\\", "\\\\").replace("*", "\\*").replace("?", "\\?");
    return Filter.builder().name(name).values(literal).build();
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }
}
