package io.dualstack.impl.workload.identity;

import io.dualstack.workload.InstanceCredential;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder with {@code instance.crt} and {@code instance.key}, both links into a folder that a
 * third link, {@code ..current}, names. Moving that one link changes both files at one moment, also
 * the first time, so that no reader finds a new key beside an old certificate for longer than it
 * takes to open both.
 */
final class CredentialFolder {
  private static final Logger LOG = LoggerFactory.getLogger(CredentialFolder.class);

  private static final String CERTIFICATE = "instance.crt";
  private static final String KEY = "instance.key";
  private static final String CURRENT = "..current";
  private static final String GENERATION = "..generation-";

  private static final FileAttribute<Set<PosixFilePermission>> READ_BY_ALL =
      permissions("rwxr-xr-x");

  private final Path folder;

  CredentialFolder(Path folder) {
    this.folder = folder;
  }

  /** Puts a credential in place of the one that is there; all or nothing. */
  void write(InstanceCredential credential) {
    try {
      make();
      Path generation = Files.createTempDirectory(folder, GENERATION, READ_BY_ALL);
      try {
        fill(generation, credential);
        link(KEY, Path.of(CURRENT, KEY));
        link(CERTIFICATE, Path.of(CURRENT, CERTIFICATE));
        link(CURRENT, generation.getFileName());
      } catch (IOException | RuntimeException e) {
        remove(generation);
        throw e;
      }
      sync(folder);
      removeOthers(generation);
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": the credential can't be written", e);
    }
  }

  /** A folder that is there keeps its mode. */
  private void make() throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, READ_BY_ALL);
      Files.setPosixFilePermissions(folder, READ_BY_ALL.value());
    }
  }

  private static void fill(Path generation, InstanceCredential credential) throws IOException {
    Files.setPosixFilePermissions(generation, READ_BY_ALL.value());
    write(generation.resolve(KEY), credential.privateKey(), "rw-------");
    write(generation.resolve(CERTIFICATE), credential.certificates(), "rw-r--r--");
    sync(generation);
  }

  /** The mode is set twice: never is it wider, and what the umask takes away is given back. */
  private static void write(Path file, String text, String mode) throws IOException {
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    FileAttribute<Set<PosixFilePermission>> permissions = permissions(mode);
    try (FileChannel channel = FileChannel.open(file, options, permissions)) {
      Files.setPosixFilePermissions(file, permissions.value());
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private static FileAttribute<Set<PosixFilePermission>> permissions(String mode) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
  }

  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private void link(String name, Path target) throws IOException {
    Path link = folder.resolve(name);
    if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target)) {
      return;
    }
    Path fresh = folder.resolve(".." + name + ".new");
    try {
      Files.createSymbolicLink(fresh, target);
    } catch (FileAlreadyExistsException e) {
      // Left by a process that was killed between the two steps.
      Files.delete(fresh);
      Files.createSymbolicLink(fresh, target);
    }
    Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
  }

  private void removeOthers(Path current) throws IOException {
    try (DirectoryStream<Path> generations = Files.newDirectoryStream(folder, GENERATION + "*")) {
      for (Path generation : generations) {
        if (!generation.equals(current)) {
          remove(generation);
        }
      }
    }
  }

  /** What can't be removed is in nobody's way; the next write tries again. */
  private static void remove(Path generation) {
    try {
      Files.deleteIfExists(generation.resolve(KEY));
      Files.deleteIfExists(generation.resolve(CERTIFICATE));
      Files.deleteIfExists(generation);
    } catch (IOException e) {
      LOG.atWarn()
          .addKeyValue("folder", generation)
          .setCause(e)
          .log("a credential that is not used can't be removed");
    }
  }
}
