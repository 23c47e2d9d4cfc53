package io.dualstack.provider.support;

import static java.util.Objects.requireNonNull;

import io.dualstack.allocation.Owner;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicRequest;
import java.util.Comparator;

/**
 * Which NIC of which machine. An infrastructure keeps it with the NIC, as tags, labels or a
 * description, from the very call that makes the NIC.
 *
 * @param owner the machine
 * @param nic the NIC's name within the machine
 */
public record NicIdentity(Owner owner, String nic) implements Comparable<NicIdentity> {
  private static final Comparator<NicIdentity> ORDER =
      Comparator.comparing(NicIdentity::owner).thenComparing(NicIdentity::nic);

  /**
   * Checks that nothing is missing.
   *
   * @param owner the machine
   * @param nic the NIC's name within the machine
   */
  public NicIdentity {
    requireNonNull(owner, "owner");
    requireNonNull(nic, "nic");
  }

  /**
   * Returns the identity that a request is about.
   *
   * @param request the request
   * @return its owner and NIC
   */
  public static NicIdentity of(NicRequest request) {
    return new NicIdentity(request.owner(), request.nic());
  }

  /**
   * Returns the identity of an attached NIC.
   *
   * @param nic the NIC
   * @return its owner and NIC
   */
  public static NicIdentity of(AttachedNic nic) {
    return new NicIdentity(nic.owner(), nic.nic());
  }

  /**
   * Returns the identity as one text that {@link #parse} reads: the owner, a slash, and the NIC's
   * name in which slashes and percent signs are written {@code %2F} and {@code %25}. Owners of one
   * scope have a common start.
   *
   * @return the text
   */
  public String text() {
    return owner.id() + "/" + nic.replace("%", "%25").replace("/", "%2F");
  }

  /**
   * Reads what {@link #text} wrote.
   *
   * @param text the text
   * @return the identity
   * @throws IllegalArgumentException if there is no owner or no slash
   */
  public static NicIdentity parse(String text) {
    int slash = text.lastIndexOf('/');
    if (slash < 1) {
      throw new IllegalArgumentException(
          "\"" + text + "\" names no NIC; use the owner, a slash, and the NIC's name");
    }
    return new NicIdentity(
        new Owner(text.substring(0, slash)),
        text.substring(slash + 1).replace("%2F", "/").replace("%25", "%"));
  }

  @Override
  public int compareTo(NicIdentity other) {
    return ORDER.compare(this, other);
  }

  /** Returns the identity for people. */
  @Override
  public String toString() {
    return owner + ": NIC " + nic;
  }
}
