package io.dualstack.impl.kernel;

import io.dualstack.KernelException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/** Reads and writes below {@code /proc/sys/net}, without a process. */
public final class Sysctls {
  private static final Path ROOT = Path.of("/proc/sys/net");
  private static final int LONGEST_VALUE = 4096;

  private Sysctls() {}

  /**
   * Writes settings in their order.
   *
   * @throws KernelException naming the first that could not be written; those before it are
   */
  public static void write(Namespace namespace, List<Sysctl> settings) {
    namespace.run(
        () -> {
          for (Sysctl setting : settings) {
            write(setting);
          }
        });
  }

  private static void write(Sysctl setting) {
    Path file = ROOT.resolve(setting.key());
    try {
      Files.writeString(file, setting.value(), StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      throw new KernelException(
          "write " + setting.value() + " to " + file, "there is no such setting", e);
    } catch (IOException e) {
      throw new KernelException(
          "write " + setting.value() + " to " + file, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Reads a setting.
   *
   * @param key its path below {@code /proc/sys/net}
   * @return its value without the line's end; empty when there is no such setting
   * @throws KernelException if it is there and can't be read
   */
  public static Optional<String> read(Namespace namespace, String key) {
    Path file = ROOT.resolve(new Sysctl(key, "").key());
    return namespace.call(
        () -> {
          try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(whole(in).strip());
          } catch (NoSuchFileException e) {
            return Optional.empty();
          } catch (IOException e) {
            throw new KernelException("read " + file, String.valueOf(e.getMessage()), e);
          }
        });
  }

  /** By one call: to the second one the kernel answers nothing, however little the first took. */
  private static String whole(InputStream in) throws IOException {
    return new String(in.readNBytes(LONGEST_VALUE), StandardCharsets.UTF_8);
  }
}
