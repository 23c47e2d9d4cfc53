package io.dualstack.cell;

import static java.util.Objects.requireNonNull;

import io.dualstack.cni.Attachment;
import java.nio.file.Path;

/**
 * A container to attach.
 *
 * @param id its id: letters, digits, {@code _}, {@code .} and {@code -}
 * @param namespace the file of its network namespace, such as {@code /run/netns/ID}; the last part
 *     of the path is its handle
 * @param ifName the name its device gets, 1 to 15 characters
 */
public record Container(String id, Path namespace, String ifName) {

  /**
   * Checks id and name as the CNI specification has it.
   *
   * @param id its id: letters, digits, {@code _}, {@code .} and {@code -}
   * @param namespace the file of its network namespace
   * @param ifName the name its device gets, 1 to 15 characters
   * @throws io.dualstack.cni.CniException if one can't be
   */
  public Container {
    requireNonNull(namespace, "namespace");
    Attachment checked = new Attachment(id, ifName);
    assert checked.containerId().equals(id);
  }

  /**
   * Returns a container whose device is {@code eth0}.
   *
   * @param id its id
   * @param namespace the file of its network namespace
   * @return the container
   */
  public static Container of(String id, Path namespace) {
    return new Container(id, namespace, "eth0");
  }

  /**
   * Returns what addresses are reserved for.
   *
   * @return its id with its device
   */
  public Attachment attachment() {
    return new Attachment(id, ifName);
  }
}
