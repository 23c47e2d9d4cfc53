package io.dualstack.policy;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Keeps policies, tags and bound security groups. Every change is made whole or not at all; when
 * its call returns, it survives the loss of power where the store is on a disk.
 *
 * <p>Thread-safe; several stores, in several processes, may be open over one place. Every method
 * throws {@link io.dualstack.StoreUnavailableException} when the place can't be reached, or the
 * store is closed. Opened by a {@link PolicyStoreFactory}.
 */
public interface PolicyStore extends AutoCloseable {

  /** {@return what opens the place, for people} */
  String location();

  /** {@return the bytes of a tag, 1 to 3} */
  int tagLength();

  /**
   * Creates policies. One that is there already stays as it is. An application without a tag gets
   * the lowest free one, the source of a policy before its destination.
   *
   * @param policies the policies, in the order in which they are told later
   * @param mostPerSource of how many policies an application may be the source, these included
   * @throws io.dualstack.PolicyRefusedException when an application would be the source of more,
   *     there is no tag left, or a tag of its name is not an application's
   */
  void create(Collection<NetworkPolicy> policies, int mostPerSource);

  /**
   * Deletes policies. One that is not there is no error. An application that is in no policy any
   * more gives back its tag.
   *
   * @param policies the policies
   */
  void delete(Collection<NetworkPolicy> policies);

  /**
   * Returns policies in the order in which they were created.
   *
   * @param filter which ones
   * @return an unmodifiable list
   */
  List<TaggedPolicy> policies(PolicyFilter filter);

  /**
   * Returns when policies were created or deleted last, or the store made. Each such call moves it
   * on, whatever the clock says and whether or not anything changed.
   *
   * @return the time, in whole microseconds
   */
  Instant lastUpdated();

  /**
   * Returns the tag of something that need not be in a policy; the lowest free one if it has none.
   *
   * @param id the GUID of an application, or the name of a part of the platform
   * @param type what it is
   * @return who has the tag, and which one
   * @throws IllegalArgumentException when a text is empty or longer than 255 characters
   * @throws io.dualstack.PolicyRefusedException when it has a tag as something of another type, or
   *     no tag is left
   */
  PolicyGroup tag(String id, String type);

  /**
   * Returns everybody who has a tag.
   *
   * @return an unmodifiable list in the order of tags
   */
  List<PolicyGroup> groups();

  /**
   * Makes these the security groups that there are. One with a known GUID takes the known one's
   * place in the order, new ones come last.
   *
   * @param groups the groups, each GUID once
   * @throws IllegalArgumentException when a GUID is there twice
   * @throws io.dualstack.PolicyRefusedException when the rules of a group are too long
   */
  void replaceSecurityGroups(List<BoundSecurityGroup> groups);

  /**
   * Returns security groups that {@linkplain BoundSecurityGroup#appliesTo apply} to one of some
   * spaces, or to all spaces.
   *
   * @param spaces the GUIDs of the spaces; with none, only groups for all spaces are returned
   * @param from where the page begins, as the page before it says; 0 for the first
   * @param limit how many groups at most; 0 or less for all
   * @return the page
   */
  SecurityGroupPage securityGroups(Set<String> spaces, long from, int limit);

  /** Lets go of the place. Closing again does nothing. */
  @Override
  void close();
}
