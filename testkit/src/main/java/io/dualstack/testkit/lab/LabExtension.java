package io.dualstack.testkit.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.opentest4j.TestAbortedException;

/**
 * Gives a test, or a method that sets up for one or all tests, its {@link Lab} as a parameter, and
 * closes it after the test, or after all, whatever came of them. Add it by {@code
 * ExtendWith(LabExtension.class)}.
 *
 * <p>Where namespaces can't be made the test is skipped; if the environment says {@code CI=true},
 * it fails instead.
 */
public final class LabExtension implements ParameterResolver {
  private static final Namespace STORE = Namespace.create(LabExtension.class);

  /** For JUnit. */
  public LabExtension() {}

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Lab.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getStore(STORE)
        .getOrComputeIfAbsent(Resource.class, key -> new Resource(open()), Resource.class)
        .lab();
  }

  private static Lab open() {
    String obstacle = obstacle();
    if (obstacle.isEmpty()) {
      return Lab.open();
    }
    if (Boolean.parseBoolean(System.getenv("CI"))) {
      throw new AssertionError("the namespace lab can't be used here: " + obstacle);
    }
    throw new TestAbortedException("the namespace lab can't be used here: " + obstacle);
  }

  private static String obstacle() {
    for (String tool : List.of("ip", "ping", "unshare")) {
      if (List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin").stream()
          .noneMatch(directory -> Files.isExecutable(Path.of(directory, tool)))) {
        return "there is no command " + tool;
      }
    }
    LabCommand attempt = LabCommand.run(null, List.of("unshare", "--net", "true"), "");
    return attempt.exitCode() == 0 ? "" : attempt.output().strip();
  }

  private record Resource(Lab lab) implements CloseableResource, AutoCloseable {
    @Override
    public void close() {
      lab.close();
    }
  }
}
