package io.dualstack.routing;

/** What a registration did to a registry of endpoints; the most of what it did to all its URIs. */
public enum EndpointChange {
  /** The endpoint is new under a URI. */
  ADDED,
  /** What was known about the endpoint was replaced. */
  REPLACED,
  /** It was known; it counts as heard of now. */
  REFRESHED,
  /** What is known is newer; nothing was done. */
  OLDER,
  /** It is of an isolation segment that this router doesn't serve; nothing was done. */
  OTHER_SEGMENT,
  /** It has no URI, or a route service that isn't reached by https; nothing was done. */
  DROPPED
}
