package io.dualstack.policy;

/** Opens the stores of policies of one kind. Found through {@link java.util.ServiceLoader}. */
public interface PolicyStoreFactory {

  /**
   * Returns whether a location is of this kind.
   *
   * @param location such as {@code memory:}, {@code sqlite:/path/file} or {@code
   *     jdbc:postgresql://host/name}
   * @return true if {@link #open} understands it
   */
  boolean accepts(String location);

  /**
   * Opens a store, and creates it if it isn't there.
   *
   * @param location where
   * @param tagLength the bytes of a tag, 1 to 3
   * @return the open store
   * @throws io.dualstack.StoreUnavailableException if it can't be opened
   * @throws io.dualstack.MissingDependencyException if its driver is not there
   * @throws IllegalArgumentException if the length is another, or the location makes no sense
   */
  PolicyStore open(String location, int tagLength);
}
