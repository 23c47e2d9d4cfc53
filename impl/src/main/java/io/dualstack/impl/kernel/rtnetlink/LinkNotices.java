package io.dualstack.impl.kernel.rtnetlink;

import com.sun.jna.LastErrorException;
import io.dualstack.impl.kernel.Netlink;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the kernel tells of the links of one namespace, from when this is opened. */
final class LinkNotices implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LinkNotices.class);

  /** RTMGRP_LINK. */
  private static final int LINKS = 1;

  /** How often it is looked whether there is still something to wait for. */
  private static final Duration PAUSE = Duration.ofMillis(10);

  private final Netlink socket;

  private LinkNotices(Netlink socket) {
    this.socket = socket;
  }

  /** Opens those of the namespace that the calling thread is in. */
  static LinkNotices open() {
    Netlink socket = Netlink.open(Netlink.ROUTE);
    socket.limitWait(PAUSE);
    socket.subscribe(LINKS);
    return new LinkNotices(socket);
  }

  /**
   * Waits until a link is removed.
   *
   * @param link its number
   * @param isOver says that there is nothing to wait for any more
   * @return whether the kernel told so; it may be removed and the notice be lost
   */
  boolean awaitRemoval(int link, BooleanSupplier isOver) {
    try {
      while (!isOver.getAsBoolean()) {
        if (socket.poll().filter(notice -> LinkMessage.isRemoval(notice, link)).isPresent()) {
          return true;
        }
      }
    } catch (LastErrorException e) {
      // More was told than there is room for.
      LOG.atDebug().setCause(e).log("notices of links are lost");
    }
    return false;
  }

  @Override
  public void close() {
    socket.close();
  }
}
