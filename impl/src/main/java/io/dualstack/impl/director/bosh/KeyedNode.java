package io.dualstack.impl.director.bosh;

import org.snakeyaml.engine.v2.nodes.Node;

/**
 * A field of a mapping.
 *
 * @param key its key
 * @param value its value
 */
record KeyedNode(Node key, Node value) {}
