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
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A folder with {@code instance.crt} and {@code instance.key}, both links into a folder that a
 * third link, {@code ..current}, names. Moving that one link changes both files at one moment, so
 * that no reader finds a new key beside an old certificate for longer than it takes to open both.
 */
final class CredentialFolder {
  private static final String CERTIFICATE = "instance.crt";
  private static final String KEY = "instance.key";
  private static final String CURRENT = "..current";
  private static final String GENERATION = "..generation-";

  private final Path folder;

  CredentialFolder(Path folder) {
    this.folder = folder;
  }

  /** Puts a credential in place of the one that is there; all or nothing. */
  void write(InstanceCredential credential) {
    try {
      Files.createDirectories(folder);
      Path generation =
          Files.createTempDirectory(
              folder,
              GENERATION,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
      write(generation.resolve(KEY), credential.privateKey(), "rw-------");
      write(generation.resolve(CERTIFICATE), credential.certificates(), "rw-r--r--");
      sync(generation);
      link(CURRENT, generation.getFileName());
      link(KEY, Path.of(CURRENT, KEY));
      link(CERTIFICATE, Path.of(CURRENT, CERTIFICATE));
      sync(folder);
      removeOthers(generation);
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": the credential can't be written", e);
    }
  }

  private static void write(Path file, String text, String mode) throws IOException {
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel =
        FileChannel.open(
            file,
            options,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)))) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
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
          Files.deleteIfExists(generation.resolve(KEY));
          Files.deleteIfExists(generation.resolve(CERTIFICATE));
          Files.deleteIfExists(generation);
        }
      }
    }
  }
}
