package io.dualstack.impl.store.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Texts in files beside a class. They are read here, as modules hide them from others. */
public final class Resources {

  private Resources() {}

  /** Returns the text of a file beside a class. */
  public static String text(Class<?> anchor, String name) {
    try (InputStream content = anchor.getResourceAsStream(name)) {
      if (content == null) {
        throw new IllegalStateException(name + ": is missing in the jar");
      }
      return new String(content.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
