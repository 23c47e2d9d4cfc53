package io.dualstack.routing;

import java.time.Duration;
import java.util.Set;

/**
 * What a registry of endpoints does as its router is configured.
 *
 * @param staleThreshold after how long without a word a plain endpoint is forgotten
 * @param http2 whether endpoints may speak HTTP/2; otherwise they are taken to speak HTTP/1.1
 * @param segmentMode which endpoints are taken
 * @param segments the listed isolation segments
 */
public record EndpointRegistryConfig(
    Duration staleThreshold, boolean http2, SegmentMode segmentMode, Set<String> segments) {

  /** A router as it comes: two minutes, HTTP/2, every segment. */
  public static final EndpointRegistryConfig DEFAULT =
      new EndpointRegistryConfig(Duration.ofSeconds(120), true, SegmentMode.ALL, Set.of());

  /**
   * Checks that it can be meant.
   *
   * @param staleThreshold after how long without a word a plain endpoint is forgotten
   * @param http2 whether endpoints may speak HTTP/2
   * @param segmentMode which endpoints are taken
   * @param segments the listed isolation segments
   * @throws IllegalArgumentException when the threshold isn't positive, or only listed segments are
   *     taken and none is listed
   */
  public EndpointRegistryConfig {
    segments = Set.copyOf(segments);
    if (staleThreshold.isZero() || staleThreshold.isNegative()) {
      throw new IllegalArgumentException(
          "stale threshold %s: nothing would be kept; use some seconds".formatted(staleThreshold));
    }
    if (segmentMode == SegmentMode.SEGMENTS && segments.isEmpty()) {
      throw new IllegalArgumentException(
          "only listed isolation segments are taken, and none is listed; list one or more");
    }
  }
}
