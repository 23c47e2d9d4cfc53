package io.dualstack.impl.cni.runtime;

import io.dualstack.cni.Attachment;
import java.nio.file.Path;

/**
 * Where a container is or comes to be on a network.
 *
 * @param network the network, with its plugins as they are to be called
 * @param attachment the container and its interface
 * @param netns the container's namespace
 */
public record Place(NetworkList network, Attachment attachment, Path netns) {}
