package io.dualstack.impl.provider.discovery;

import io.dualstack.provider.NetworkProvider;
import java.util.concurrent.Callable;

/**
 * Something that claims to be a provider, before anybody looked at it.
 *
 * @param className the class that is named as one
 * @param origin where it was found
 * @param place where its jar lies, to be read after "put it": {@code into plugins/aws}
 * @param instance makes the provider; whatever it throws says what is broken
 */
record Claim(String className, String origin, String place, Callable<NetworkProvider> instance) {}
