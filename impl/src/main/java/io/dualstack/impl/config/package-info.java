/**
 * Configuration files as all commands read them: one JSON object, every fault told with its JSON
 * pointer. Open {@link io.dualstack.impl.config.JsonConfig} first.
 */
@NullMarked
package io.dualstack.impl.config;

import org.jspecify.annotations.NullMarked;
