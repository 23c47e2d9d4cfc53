package io.dualstack.policy;

/** Why a store of policies refused a change, of which nothing was kept. */
public sealed interface PolicyRefusal {

  /** {@return what is wrong, and what to do} */
  String message();

  /**
   * Every tag is somebody's.
   *
   * @param id who needs one
   * @param capacity how many there are
   */
  record NoTagLeft(String id, int capacity) implements PolicyRefusal {
    @Override
    public String message() {
      return "%s: gets no tag: all %d are in use; delete policies that are not needed"
          .formatted(id, capacity);
    }
  }

  /**
   * A tag was given to something of another type.
   *
   * @param id who needs the tag
   * @param type of which type it is now
   * @param known of which type it was then
   */
  record OtherType(String id, String type, String known) implements PolicyRefusal {
    @Override
    public String message() {
      return "%s: is of type %s and not %s; use the type it has".formatted(id, known, type);
    }
  }

  /**
   * An application would be the source of too many policies.
   *
   * @param source the application
   * @param most how many it may have
   */
  record QuotaExceeded(String source, int most) implements PolicyRefusal {
    @Override
    public String message() {
      return "%s: would be the source of more than %d policies; delete some, or ask for more"
          .formatted(source, most);
    }
  }

  /**
   * The rules of a security group are longer than a store must hold.
   *
   * @param group the name of the group
   * @param bytes how long they are, as JSON in UTF-8
   */
  record RulesTooLong(String group, long bytes) implements PolicyRefusal {
    @Override
    public String message() {
      return "security group %s: its rules have %d bytes as JSON; the maximum is %d: split it"
          .formatted(group, bytes, BoundSecurityGroup.MOST_RULE_BYTES);
    }
  }
}
