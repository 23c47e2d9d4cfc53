package io.dualstack.impl.cell;

import io.dualstack.Meters;
import io.dualstack.StoreUnavailableException;
import io.dualstack.cni.Ipam;
import io.dualstack.impl.cni.hostlocal.HostLocalPlugin;
import io.dualstack.impl.cni.protocol.CniPlugin;
import io.dualstack.impl.cni.protocol.PluginSkeleton;
import io.dualstack.impl.cni.silk.SilkPlugin;
import io.dualstack.impl.cni.wrapper.WrapperPlugin;
import io.dualstack.impl.firewall.backend.FirewallMeters;
import io.dualstack.impl.http.Answer;
import io.dualstack.impl.kernel.Namespace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The unix socket by which installed plugins have a running process do their work, so that no
 * virtual machine starts for a call. By the name {@code instances} it tells operators what {@link
 * CellInstances} does, or an error as JSON with exit code 1.
 *
 * <p>A call is the plugin's environment, each variable ended by a zero byte, another zero byte, and
 * what is on its standard input; {@code DUALSTACK_PLUGIN} is the name it was called by. The answer
 * is the exit code, a line end, and what goes to standard output. Only the owner may connect.
 */
public final class PluginSocket implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PluginSocket.class);

  private static final String INSTANCES = "instances";
  private static final int OK = 200;

  private final Path file;
  private final ServerSocketChannel server;
  private final Map<String, Callee> callees;
  private final ExecutorService workers =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "cni");
            thread.setDaemon(true);
            return thread;
          });

  private PluginSocket(Path file, ServerSocketChannel server, Map<String, Callee> callees) {
    this.file = file;
    this.server = server;
    this.callees = callees;
  }

  /** Who answers to a name. */
  private interface Callee {
    PluginSkeleton.Answer serve(Map<String, String> environment, InputStream stdin);
  }

  /** Serves until it is closed, and tells no meters. */
  public static PluginSocket serve(Path file, Ipam ipam, Namespace host, CellInstances instances) {
    return serve(file, ipam, host, instances, Meters.NONE);
  }

  /**
   * Serves until it is closed.
   *
   * @param file the socket, made anew; its directory too if it isn't there
   * @param host the namespace of the host
   * @param instances the containers of the host
   * @param meters are told how containers are attached and their firewalls changed
   * @throws StoreUnavailableException if it can't listen there
   */
  public static PluginSocket serve(
      Path file, Ipam ipam, Namespace host, CellInstances instances, Meters meters) {
    try {
      if (file.getParent() != null) {
        Files.createDirectories(
            file.getParent(),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      Files.deleteIfExists(file);
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(file));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      SilkPlugin silk = new SilkPlugin(ipam, host, meters);
      CniPlugin wrapper =
          new WrapperPlugin(host, Map.of("silk-cni", silk), new FirewallMeters(meters));
      PluginSocket socket =
          new PluginSocket(
              file,
              server,
              Map.of(
                  "silk-cni",
                  new PluginSkeleton(silk)::serve,
                  "cni-wrapper-plugin",
                  new PluginSkeleton(wrapper)::serve,
                  "host-local",
                  new PluginSkeleton(new HostLocalPlugin(ipam))::serve,
                  INSTANCES,
                  (environment, stdin) -> tell(instances)));
      socket.workers.execute(socket::acceptAll);
      return socket;
    } catch (IOException e) {
      throw new StoreUnavailableException(
          file + ": can't be listened on: " + e.getMessage() + "; name another socket", false, e);
    }
  }

  private void acceptAll() {
    while (server.isOpen()) {
      try {
        SocketChannel connection = server.accept();
        workers.execute(() -> serve(connection));
      } catch (AsynchronousCloseException closed) {
        return;
      } catch (ClosedChannelException closed) {
        return;
      } catch (IOException e) {
        LOG.atWarn().addKeyValue("socket", file).setCause(e).log("a call was not accepted");
      }
    }
  }

  private void serve(SocketChannel connection) {
    try (connection;
        InputStream from = Channels.newInputStream(connection);
        OutputStream to = Channels.newOutputStream(connection)) {
      byte[] call = from.readAllBytes();
      PluginSkeleton.Answer answer = answer(call);
      to.write((answer.exitCode() + "\n" + answer.stdout()).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("socket", file).setCause(e).log("a caller was gone");
    }
  }

  private PluginSkeleton.Answer answer(byte[] call) {
    Map<String, String> environment = new HashMap<>();
    int at = 0;
    while (at < call.length && call[at] != 0) {
      int end = at;
      while (end < call.length && call[end] != 0) {
        end++;
      }
      String[] pair = new String(call, at, end - at, StandardCharsets.UTF_8).split("=", 2);
      environment.put(pair[0], pair.length == 2 ? pair[1] : "");
      at = end + 1;
    }
    String name = environment.getOrDefault("DUALSTACK_PLUGIN", "");
    Callee callee = callees.get(name);
    if (callee == null) {
      return new PluginSkeleton.Answer(
          1, "{\"code\":4,\"msg\":\"the daemon has no plugin of that name\"}", "");
    }
    int input = Math.min(at + 1, call.length);
    return callee.serve(environment, new ByteArrayInputStream(call, input, call.length - input));
  }

  private static PluginSkeleton.Answer tell(CellInstances instances) {
    Answer answer = instances.answer();
    return new PluginSkeleton.Answer(
        answer.status() == OK ? 0 : 1, new String(answer.body(), StandardCharsets.UTF_8), "");
  }

  /**
   * Asks whoever serves a socket what the containers of its cell are.
   *
   * @return an answer of 200 or an error, as by HTTP
   * @throws IOException if there is none
   */
  static Answer ask(Path socket) throws IOException {
    try (SocketChannel connection = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        InputStream from = Channels.newInputStream(connection);
        OutputStream to = Channels.newOutputStream(connection)) {
      to.write(("DUALSTACK_PLUGIN=" + INSTANCES + "\0\0").getBytes(StandardCharsets.UTF_8));
      to.flush();
      SocketChannel ended = connection.shutdownOutput();
      assert ended == connection;
      byte[] said = from.readAllBytes();
      String text = new String(said, StandardCharsets.UTF_8);
      int line = text.indexOf('\n');
      if (line < 0) {
        throw new IOException("the answer has no exit code");
      }
      byte[] body = text.substring(line + 1).getBytes(StandardCharsets.UTF_8);
      return text.startsWith("0\n") ? Answer.ok(body) : new Answer(500, body);
    }
  }

  @Override
  public void close() {
    try (server) {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("socket", file).setCause(e).log("the socket was not removed");
    }
    workers.shutdown();
  }
}
