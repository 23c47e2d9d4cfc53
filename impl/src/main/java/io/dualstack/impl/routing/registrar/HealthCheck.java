package io.dualstack.impl.routing.registrar;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A script that tells by its exit code whether a backend may be routed to.
 *
 * @param name what it is called in the log
 * @param timeout how long it may run; then it is killed, and the backend counts as unhealthy
 */
record HealthCheck(String name, Path script, Duration timeout) {
  private static final Logger LOG = LoggerFactory.getLogger(HealthCheck.class);

  /** Runs the script: true for exit code 0. */
  boolean isHealthy() throws InterruptedException {
    Process process;
    try {
      process =
          new ProcessBuilder(script.toString())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("health_check", name).log("can't be run: {}", e.getMessage());
      return false;
    }
    try {
      if (process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        return process.exitValue() == 0;
      }
      LOG.atWarn().addKeyValue("health_check", name).log("runs for longer than {}", timeout);
      return false;
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
