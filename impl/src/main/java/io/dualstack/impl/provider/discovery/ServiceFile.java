package io.dualstack.impl.provider.discovery;

import io.dualstack.provider.NetworkProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The file in a jar that names the providers in it, as {@link java.util.ServiceLoader} has it. */
final class ServiceFile {
  static final String NAME = "META-INF/services/" + NetworkProvider.class.getName();

  private ServiceFile() {}

  /** Returns the names of classes, one a line, without comments and repetitions. */
  static List<String> read(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8)
        .lines()
        .map(line -> line.replaceFirst("#.*", "").strip())
        .filter(line -> !line.isEmpty())
        .distinct()
        .toList();
  }
}
