package io.dualstack.spi.openstack.access;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a cloud.
 *
 * @param credentials who asks
 * @param authUrl where Keystone is; null exactly if nobody logs in
 * @param region which region; null if the catalog has only one
 * @param endpointInterface {@code public}, {@code internal} or {@code admin}
 * @param endpoint where Neutron is, in place of the catalog's endpoint; null to ask the catalog
 * @param cacert certificates to trust in place of the JDK's; null for the JDK's
 * @param verify whether the server's certificate is checked
 * @param proxy the proxy; null for none
 * @param noProxy hosts that are reached without the proxy, as in {@code NO_PROXY}
 * @param timeout how long one request may take
 * @param attempts how often a request is tried that may be tried again
 */
public record AccessConfig(
    Credentials credentials,
    @Nullable URI authUrl,
    @Nullable String region,
    String endpointInterface,
    @Nullable URI endpoint,
    @Nullable Path cacert,
    boolean verify,
    @Nullable URI proxy,
    List<String> noProxy,
    Duration timeout,
    int attempts) {}
