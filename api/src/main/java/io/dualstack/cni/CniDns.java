package io.dualstack.cni;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a container is told about name servers. Immutable.
 *
 * @param nameservers addresses, in order of preference; as text, as nothing here checks them
 * @param domain the local domain; empty for none
 * @param search the domains to search
 * @param options options of the resolver
 * @param others fields that the specification doesn't know: JSON-like values
 */
public record CniDns(
    List<String> nameservers,
    String domain,
    List<String> search,
    List<String> options,
    Map<String, Object> others) {

  /** Nothing about name servers; a result leaves it out. */
  public static final CniDns NONE = new CniDns(List.of(), "", List.of(), List.of(), Map.of());

  /**
   * Copies the collections.
   *
   * @param nameservers addresses, in order of preference
   * @param domain the local domain; empty for none
   * @param search the domains to search
   * @param options options of the resolver
   * @param others fields that the specification doesn't know
   */
  public CniDns {
    requireNonNull(domain, "domain");
    nameservers = List.copyOf(nameservers);
    search = List.copyOf(search);
    options = List.copyOf(options);
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
  }

  /**
   * Tells whether there is nothing to say.
   *
   * @return whether a result leaves it out
   */
  public boolean isEmpty() {
    return equals(NONE);
  }
}
