package io.dualstack.impl.director.bosh;

/**
 * A place in a file.
 *
 * @param file the file
 * @param path the path of the value, such as {@code networks[0].subnets[1].range}
 * @param line from 1; 0 when unknown
 * @param column from 1; 0 when unknown
 */
record Place(YamlFile file, String path, int line, int column) {}
