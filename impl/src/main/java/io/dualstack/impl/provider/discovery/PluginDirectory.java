package io.dualstack.impl.provider.discovery;

import io.dualstack.provider.DiscoveredProvider.Broken;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A directory with one folder per plugin. All jars that lie in a folder make one plugin, with a
 * class loader of its own.
 */
final class PluginDirectory {
  private final Path directory;
  private final List<Claim> claims = new ArrayList<>();
  private final List<Broken> broken = new ArrayList<>();
  private final Consumer<URLClassLoader> opened;

  private PluginDirectory(Path directory, Consumer<URLClassLoader> opened) {
    this.directory = directory;
    this.opened = opened;
  }

  /**
   * Reads a directory. Loads no class yet.
   *
   * @param opened is told of every class loader, to close it in the end
   */
  static PluginDirectory read(Path directory, Consumer<URLClassLoader> opened) {
    PluginDirectory plugins = new PluginDirectory(directory, opened);
    plugins.readDirectory();
    return plugins;
  }

  /** What claims to be a provider, by folder and jar in order of name. */
  List<Claim> claims() {
    return claims;
  }

  /** What can't even claim it. */
  List<Broken> broken() {
    return broken;
  }

  private void readDirectory() {
    if (!Files.isDirectory(directory)) {
      refuse(
          directory,
          directory,
          Files.exists(directory)
              ? "is no directory; name one with a folder per plugin"
              : "is not there; create it, or leave it out of the plugin directories");
      return;
    }
    try {
      for (Path entry : list(directory)) {
        if (Files.isDirectory(entry)) {
          readPlugin(entry);
        } else if (isJar(entry)) {
          refuse(
              entry,
              entry,
              "lies beside the plugins' folders; put it into one of its own, such as "
                  + directory.resolve(stem(entry)));
        }
      }
    } catch (IOException e) {
      refuse(directory, directory, "can't be read: " + e + "; check its permissions");
    }
  }

  private void readPlugin(Path folder) throws IOException {
    List<Path> jars = list(folder).stream().filter(PluginDirectory::isJar).toList();
    if (jars.isEmpty()) {
      refuse(folder, folder, "has no jar; put the plugin's jars into it, or remove it");
      return;
    }
    Map<String, Path> providers = new LinkedHashMap<>();
    boolean readable = true;
    for (Path jar : jars) {
      try {
        providersNamedIn(jar).forEach(className -> providers.putIfAbsent(className, jar));
      } catch (IOException e) {
        refuse(folder, jar, "can't be read as a jar: " + e.getMessage() + "; copy it anew");
        readable = false;
      }
    }
    if (!readable) {
      return;
    }
    if (providers.isEmpty()) {
      refuse(
          folder,
          folder,
          "has no jar with the file %s; put the provider's own jar there"
              .formatted(ServiceFile.NAME));
      return;
    }
    URLClassLoader loader =
        new URLClassLoader(
            "plugin-" + folder.getFileName(),
            jars.stream().map(PluginDirectory::url).toArray(URL[]::new),
            new ApiClassLoader());
    opened.accept(loader);
    providers.forEach(
        (className, jar) ->
            claims.add(
                new Claim(
                    className,
                    jar.toString(),
                    "into " + folder,
                    () -> PluginProvider.make(className, loader, jar.toString()))));
  }

  private static List<String> providersNamedIn(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      ZipEntry entry = zip.getEntry(ServiceFile.NAME);
      if (entry == null) {
        return List.of();
      }
      try (InputStream in = zip.getInputStream(entry)) {
        return ServiceFile.read(in);
      }
    }
  }

  private void refuse(Path named, Path origin, String reason) {
    broken.add(new Broken(stem(named), origin.toString(), reason));
  }

  private static List<Path> list(Path folder) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      for (Path entry : stream) {
        if (!Files.isHidden(entry)) {
          entries.add(entry);
        }
      }
    }
    entries.sort(null);
    return entries;
  }

  private static boolean isJar(Path file) {
    return file.toString().endsWith(".jar");
  }

  private static String stem(Path file) {
    Path name = file.getFileName();
    return (name == null ? file : name).toString().replaceFirst("\\.jar$", "");
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new UncheckedIOException(e);
    }
  }
}
