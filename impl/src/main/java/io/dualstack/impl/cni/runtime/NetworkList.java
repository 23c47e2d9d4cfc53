package io.dualstack.impl.cni.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;
import io.dualstack.cni.CniVersion;
import io.dualstack.cni.IpamConfig;
import io.dualstack.impl.cni.protocol.CniJson;
import io.dualstack.impl.cni.protocol.Fields;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A network as administrators configure it: plugins that are called one after another.
 *
 * @param name the network's name, which every plugin gets
 * @param version the version that plugins are called in: the newest of {@code cniVersions} and
 *     {@code cniVersion} that we know
 * @param plugins the plugins' configurations; at least one, each with a {@code type}
 * @param source the text it was read from
 */
public record NetworkList(
    String name, CniVersion version, List<ObjectNode> plugins, String source) {

  /** Copies the list. */
  public NetworkList {
    plugins = List.copyOf(plugins);
  }

  /**
   * Reads the network that a directory configures: the first {@code *.conflist} there or below, by
   * path; without any, the first {@code *.conf}, which is one plugin.
   *
   * @param notes told when there are others, which are not used
   * @throws CniException if there is none, or it can't be used
   * @throws UncheckedIOException if it can't be read
   */
  public static NetworkList in(Path directory, Consumer<String> notes) {
    for (String ending : List.of(".conflist", ".conf")) {
      List<Path> files = files(directory, ending);
      if (files.size() > 1) {
        notes.accept(
            "%s: there are %d files *%s; only %s is used, remove the others"
                .formatted(directory, files.size(), ending, files.get(0)));
      }
      if (!files.isEmpty()) {
        return read(files.get(0));
      }
    }
    throw new CniException(
        CniErrorCode.INVALID_CONFIGURATION,
        directory + ": has no *.conflist and no *.conf; configure a network there");
  }

  private static List<Path> files(Path directory, String ending) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> file.toString().endsWith(ending) && Files.isRegularFile(file))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(directory.toString(), e);
    }
  }

  /**
   * Reads a file; one that is not a list is a list of one.
   *
   * @throws CniException naming the file and what is wrong in it
   * @throws UncheckedIOException if it can't be read
   */
  static NetworkList read(Path file) {
    String source;
    try {
      source = Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
    try {
      return parse(source);
    } catch (CniException e) {
      throw new CniException(e.code(), file + ": " + e.message(), e.details(), e);
    }
  }

  private static NetworkList parse(String source) {
    ObjectNode tree =
        CniJson.parse("network configuration", source.getBytes(StandardCharsets.UTF_8));
    Fields fields = Fields.of(tree, CniErrorCode.INVALID_CONFIGURATION);
    IpamConfig.checkName(fields.text("name"));
    List<Fields> plugins = fields.has("type") ? List.of(fields) : fields.objects("plugins");
    if (plugins.isEmpty()) {
      throw fields.refused("plugins", "is missing or empty; list one plugin or more");
    }
    for (Fields plugin : plugins) {
      if (plugin.text("type").isEmpty()) {
        throw plugin.refused("type", "is missing; name the plugin's executable");
      }
    }
    return new NetworkList(
        fields.text("name"),
        version(fields),
        plugins.stream().map(Fields::object).toList(),
        source);
  }

  private static CniVersion version(Fields fields) {
    return fields.texts("cniVersions").stream()
        .flatMap(text -> CniVersion.tryParse(text).stream())
        .max(CniVersion::compareTo)
        .orElseGet(() -> CniVersion.parse(fields.text("cniVersion")));
  }

  /** Returns the same with other configurations of plugins, each made from what it was. */
  public NetworkList mapEach(UnaryOperator<ObjectNode> change) {
    return new NetworkList(name, version, plugins.stream().map(change).toList(), source);
  }
}
