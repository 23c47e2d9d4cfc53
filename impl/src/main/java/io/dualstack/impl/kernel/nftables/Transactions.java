package io.dualstack.impl.kernel.nftables;

import com.sun.jna.LastErrorException;
import io.dualstack.KernelException;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Netlink;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Carries scripts out, in the part of the language of {@code nft} that tables of this library are
 * written in: tables of family {@code inet}, sets, maps and chains in them, elements added and
 * deleted. What is not of that part is an {@link IllegalArgumentException}, never left out.
 * Thread-safe.
 *
 * <p>To be kept open: a script takes the kernel a fraction of a millisecond, but to close this may
 * take it tens, as it waits until what was deleted is freed.
 */
public final class Transactions implements AutoCloseable {
  private static final int TYPE_ERROR = 2;

  /** What a socket takes without having been asked for more. */
  private static final int USUAL_BYTES = 64 * 1024;

  private final Namespace namespace;
  private final Map<String, SetType> types;
  private final Netlink socket;
  private int next = 1;
  private boolean closed;

  private Transactions(Namespace namespace, Map<String, SetType> types, Netlink socket) {
    this.namespace = namespace;
    this.types = types;
    this.socket = socket;
  }

  /**
   * Opens the nftables of a namespace.
   *
   * @param types what sets and maps hold that scripts don't make and name, such as {@code ipv4_addr
   *     : verdict}; none of intervals
   */
  public static Transactions open(Namespace namespace, Map<String, String> types) {
    return new Transactions(
        namespace,
        types.entrySet().stream()
            .collect(
                Collectors.toMap(Map.Entry::getKey, each -> SetType.of(each.getValue(), false))),
        namespace.call(() -> Netlink.open(Netlink.NETFILTER)));
  }

  /**
   * Carries a script out as one transaction.
   *
   * @throws KernelException with what the kernel has against it; then nothing of it is done
   * @throws IllegalStateException after {@link #close}
   */
  public synchronized void run(String script) {
    if (closed) {
      throw new IllegalStateException(name() + ": is closed");
    }
    Batch batch = new Batch(next);
    new ScriptReader(script, batch, types).read();
    Attributes messages = batch.ended();
    next = batch.next();
    try {
      if (messages.length() > USUAL_BYTES) {
        socket.reserve(messages.length());
      }
      socket.send(messages.bytes(), messages.length());
      await(batch);
    } catch (LastErrorException e) {
      throw new KernelException(name(), String.valueOf(e.getMessage()), e);
    }
  }

  private String name() {
    return "nftables in " + namespace;
  }

  /** What was wrong is said before what was right, and that of earlier transactions counts not. */
  private void await(Batch batch) {
    while (true) {
      ByteBuffer answer = socket.receive();
      int sequence = answer.getInt(2 * Integer.BYTES);
      if (answer.getShort(Integer.BYTES) == TYPE_ERROR && batch.isOwn(sequence)) {
        String refused = Netlink.refusal(answer);
        if (!refused.isEmpty()) {
          throw new KernelException(name(), batch.said(sequence) + ": " + refused, null);
        }
        if (sequence == batch.answered()) {
          return;
        }
      }
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      socket.close();
    }
  }
}
