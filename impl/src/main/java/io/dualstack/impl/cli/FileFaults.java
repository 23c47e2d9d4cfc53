package io.dualstack.impl.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says in words why a file can't be read or written. */
final class FileFaults {

  private FileFaults() {}

  static String describe(UncheckedIOException failure) {
    IOException cause = failure.getCause();
    if (cause instanceof NoSuchFileException missing) {
      return missing.getFile() + ": there is no such file; check the path";
    }
    if (cause instanceof AccessDeniedException denied) {
      return denied.getFile() + ": access is denied; check the file's owner and mode";
    }
    if (cause instanceof CharacterCodingException) {
      return failure.getMessage() + ": the file is not UTF-8 text; convert it";
    }
    if (cause instanceof FileSystemException other && other.getFile() != null) {
      String reason = other.getReason();
      return other.getFile() + ": " + (reason == null ? "can't be used" : reason);
    }
    // Where the path isn't the message, the cause's own words are.
    String where = String.valueOf(failure.getMessage());
    if (cause != null && cause.getClass() == IOException.class && where.equals(cause.toString())) {
      return String.valueOf(cause.getMessage());
    }
    if ("Is a directory".equals(cause == null ? null : cause.getMessage())) {
      return where + ": is a directory; name a file";
    }
    return where.equals(String.valueOf(cause)) ? where : where + ": can't be read: " + cause;
  }
}
