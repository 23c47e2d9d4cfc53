package io.dualstack.impl.host.ipv6;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files below a host's root: the running machine's own, or a mounted image. Symbolic links are
 * followed as that host would, and so never lead out of its root.
 */
public final class HostRoot {
  /** As many as the kernel follows. */
  private static final int MOST_LINKS = 40;

  private static final String NOTHING = "/dev/null";

  private final Path root;

  /**
   * Takes a directory.
   *
   * @throws InvalidConfigurationException if it isn't one
   */
  public HostRoot(Path root) {
    this.root = root.toAbsolutePath().normalize();
    if (!Files.isDirectory(root)) {
      throw new InvalidConfigurationException(
          List.of(
              Diagnostic.error(
                  "root",
                  "NotADirectory",
                  root + ": is no directory; name the root of a host or of a mounted image")));
    }
  }

  Path path() {
    return root;
  }

  /** Reads a file; empty if it isn't there, or its links lead nowhere. */
  Optional<HostFile> read(String path) {
    Optional<String> target = target(path);
    if (target.isEmpty()) {
      return Optional.empty();
    }
    if (target.get().equals(NOTHING)) {
      return Optional.of(new HostFile(path, NOTHING, ""));
    }
    Path file = below(target.get());
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      return Optional.of(new HostFile(path, target.get(), text));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  boolean exists(String path) {
    return target(path).filter(target -> Files.exists(below(target))).isPresent();
  }

  /** The names in a directory in their order; none if it isn't there. */
  List<String> names(String directory) {
    Optional<Path> there = target(directory).map(this::below).filter(Files::isDirectory);
    if (there.isEmpty()) {
      return List.of();
    }
    try (Stream<Path> listed = Files.list(there.get())) {
      return listed.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(there.get().toString(), e);
    }
  }

  private Path below(String target) {
    return root.resolve(target.substring(1));
  }

  /** Where a path leads, link by link; empty if the links go round in circles. */
  private Optional<String> target(String path) {
    Deque<String> left = new ArrayDeque<>(parts(Path.of(path)));
    List<String> walked = new ArrayList<>();
    int links = 0;
    while (!left.isEmpty()) {
      String name = left.removeFirst();
      if (name.equals("..")) {
        if (!walked.isEmpty()) {
          walked.remove(walked.size() - 1);
        }
        continue;
      }
      walked.add(name);
      Path here = below("/" + String.join("/", walked));
      if (Files.isSymbolicLink(here)) {
        if (++links > MOST_LINKS) {
          return Optional.empty();
        }
        Path leadsTo = leadsTo(here);
        walked.remove(walked.size() - 1);
        if (leadsTo.isAbsolute()) {
          walked.clear();
        }
        List<String> names = parts(leadsTo);
        for (int i = names.size() - 1; i >= 0; i--) {
          left.addFirst(names.get(i));
        }
      }
    }
    return Optional.of("/" + String.join("/", walked));
  }

  private static Path leadsTo(Path link) {
    try {
      return Files.readSymbolicLink(link);
    } catch (IOException e) {
      throw new UncheckedIOException(link.toString(), e);
    }
  }

  private static List<String> parts(Path path) {
    List<String> names = new ArrayList<>();
    path.forEach(name -> names.add(name.toString()));
    names.removeIf(name -> name.isEmpty() || name.equals("."));
    return names;
  }
}
