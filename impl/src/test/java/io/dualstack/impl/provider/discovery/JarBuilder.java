package io.dualstack.impl.provider.discovery;

import io.dualstack.provider.NetworkProvider;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.slf4j.LoggerFactory;

/** Compiles sources and packs them into a real jar, while the test runs. */
final class JarBuilder {
  /** What was compiled before, as many tests build the same plugin. */
  private static final Map<List<Object>, Map<String, byte[]>> COMPILED = new ConcurrentHashMap<>();

  private final Path jar;
  private final Map<String, String> sources = new LinkedHashMap<>();
  private final Map<String, byte[]> entries = new LinkedHashMap<>();
  private final List<Path> classPath = new ArrayList<>();
  private boolean asModule;
  private boolean withoutHost;
  private int classFileVersion;

  private JarBuilder(Path jar) {
    this.jar = jar;
  }

  static JarBuilder jar(Path jar) {
    return new JarBuilder(jar);
  }

  JarBuilder source(String className, String code) {
    sources.put(className, code);
    return this;
  }

  JarBuilder entry(String name, String text) {
    entries.put(name, text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  JarBuilder service(String className) {
    return entry(ServiceFile.NAME, "# the provider\n" + className + "\n");
  }

  /** Compiles against these as well. */
  JarBuilder against(Path... jars) {
    classPath.addAll(List.of(jars));
    return this;
  }

  /** Compiles a module against these, and against nothing of the host besides. */
  JarBuilder onModulePath(List<Path> modules) {
    classPath.addAll(modules);
    asModule = true;
    return withoutHost();
  }

  /** Compiles against nothing of the host. */
  JarBuilder withoutHost() {
    withoutHost = true;
    return this;
  }

  JarBuilder classFileVersion(int major) {
    classFileVersion = major;
    return this;
  }

  Path build() {
    try {
      Files.createDirectories(jar.getParent());
      Map<String, byte[]> classes =
          COMPILED.computeIfAbsent(
              List.of(sources, classPath, asModule, withoutHost), key -> compile());
      try (OutputStream out = Files.newOutputStream(jar);
          JarOutputStream packed = new JarOutputStream(out)) {
        for (Map.Entry<String, byte[]> type : classes.entrySet()) {
          write(packed, type.getKey(), versioned(type.getValue().clone()));
        }
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
          write(packed, entry.getKey(), entry.getValue());
        }
      }
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] versioned(byte[] classFile) {
    if (classFileVersion != 0) {
      classFile[6] = (byte) (classFileVersion >>> 8);
      classFile[7] = (byte) classFileVersion;
    }
    return classFile;
  }

  private static void write(JarOutputStream jar, String name, byte[] content) throws IOException {
    jar.putNextEntry(new JarEntry(name));
    jar.write(content);
    jar.closeEntry();
  }

  private Map<String, byte[]> compile() {
    if (sources.isEmpty()) {
      return Map.of();
    }
    try {
      Path output = Files.createTempDirectory("dualstack-classes");
      try {
        compileInto(output);
        return read(output);
      } finally {
        delete(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void compileInto(Path output) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter problems = new StringWriter();
    Stream<Path> host =
        withoutHost
            ? Stream.empty()
            : Stream.of(locationOf(NetworkProvider.class), locationOf(LoggerFactory.class));
    String path =
        Stream.concat(classPath.stream(), host)
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    String pathOption = asModule ? "--module-path" : "--class-path";
    List<String> options =
        List.of("-d", output.toString(), pathOption, path, "-proc:none", "--release", "17");
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<JavaFileObject> units = new ArrayList<>();
      sources.forEach((name, code) -> units.add(new Source(name, code)));
      if (!compiler.getTask(problems, files, null, options, null, units).call()) {
        throw new AssertionError(problems.toString());
      }
    }
  }

  private static Map<String, byte[]> read(Path output) throws IOException {
    Map<String, byte[]> classes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(output)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = output.relativize(file).toString().replace(File.separatorChar, '/');
        classes.put(name, Files.readAllBytes(file));
      }
    }
    return classes;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  static Path locationOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String code;

    Source(String className, String code) {
      super(
          URI.create("string:///" + className.replace('.', '/') + Kind.SOURCE.extension),
          Kind.SOURCE);
      this.code = code;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return code;
    }
  }
}
