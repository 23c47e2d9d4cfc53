package io.dualstack.impl.kernel;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.dualstack.KernelException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The nftables of a namespace. Scripts go to the library that the command {@code nft} is made of,
 * within this process: a small change takes it under a millisecond, where a process takes twenty.
 * Where the library is not there, they go to the command. Thread-safe.
 *
 * <p>The library is asked for nothing but what a script names, and ends the process at faults of
 * its own; so no script should make it read the tables of others.
 */
public final class Nft implements AutoCloseable {
  /** The command that carries a script out. */
  public static final List<String> COMMAND = List.of("nft", "-f", "-");

  private final Namespace namespace;
  private @Nullable Pointer context;

  private Nft(Namespace namespace, @Nullable Pointer context) {
    this.namespace = namespace;
    this.context = context;
  }

  /**
   * Opens the nftables of a namespace.
   *
   * @param namespace stays the caller's to close, after this
   */
  public static Nft open(Namespace namespace) {
    try {
      // The context's socket belongs to the namespace in which it is made.
      return new Nft(namespace, namespace.call(Library::open));
    } catch (LinkageError noLibrary) {
      return byCommand(namespace);
    }
  }

  /** Opens the nftables of a namespace for changes that may each take a process. */
  static Nft byCommand(Namespace namespace) {
    return new Nft(namespace, null);
  }

  /**
   * Carries a script out as one transaction.
   *
   * @param script in the language of {@code nft}
   * @throws KernelException with what nft says of it; then nothing of it is done
   */
  public synchronized void run(String script) {
    Pointer open = context;
    if (open == null) {
      String said = Tool.run(namespace, COMMAND, script);
      assert said.isEmpty();
      return;
    }
    byte[] text = (script + "\0").getBytes(StandardCharsets.UTF_8);
    // It looks up devices by name where the thread is.
    String error =
        namespace.call(
            () ->
                Library.nft_run_cmd_from_buffer(open, text) == 0
                    ? ""
                    : Library.nft_ctx_get_error_buffer(open));
    if (!error.isEmpty()) {
      throw new KernelException("nft in " + namespace, error.strip(), null);
    }
  }

  /** Gives the library's memory back. Closing twice is closing once. */
  @Override
  public synchronized void close() {
    Pointer open = context;
    if (open != null) {
      context = null;
      Library.nft_ctx_free(open);
    }
  }

  /** Directly mapped; loading it fails where the library is missing. */
  private static final class Library {
    static {
      Native.register(Library.class, "libnftables.so.1");
    }

    private Library() {}

    static Pointer open() {
      Pointer context = nft_ctx_new(0);
      int buffered = nft_ctx_buffer_error(context);
      assert buffered == 0;
      return context;
    }

    static native Pointer nft_ctx_new(int flags);

    static native void nft_ctx_free(Pointer context);

    static native int nft_ctx_buffer_error(Pointer context);

    static native String nft_ctx_get_error_buffer(Pointer context);

    static native int nft_run_cmd_from_buffer(Pointer context, byte[] script);
  }
}
