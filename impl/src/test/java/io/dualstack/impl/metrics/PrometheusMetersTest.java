package io.dualstack.impl.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.MissingDependencyException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PrometheusMetersTest {
  @Test
  void names_and_numbers_are_those_that_dashboards_know() {
    PrometheusMeters meters = PrometheusMeters.of("the test", "silk_daemon");

    meters.count("renewSuccess");
    meters.count("renewSuccess");
    meters.count("http_error");
    meters.gauge("totalLeases", 7);
    meters.gauge("totalLeases", 5);
    meters.time("LeasesAcquire", Duration.ofMillis(1500));
    meters.time("LeasesAcquire", Duration.ofMillis(500));

    assertThat(meters.text().lines().filter(line -> !line.startsWith("#")))
        .containsExactlyInAnyOrder(
            "silk_daemon_http_error_total 1.0",
            "silk_daemon_leases_acquire_seconds_count 2",
            "silk_daemon_leases_acquire_seconds_max 1.5",
            "silk_daemon_leases_acquire_seconds_sum 2.0",
            "silk_daemon_renew_success_total 2.0",
            "silk_daemon_total_leases 5.0");
  }

  @Test
  void without_micrometer_it_says_what_to_add() throws Exception {
    URL classes = PrometheusMeters.class.getProtectionDomain().getCodeSource().getLocation();
    try (URLClassLoader without = new WithoutMicrometer(classes)) {
      Method of =
          without
              .loadClass(PrometheusMeters.class.getName())
              .getMethod("of", String.class, String.class);

      assertThatThrownBy(() -> of.invoke(null, "/debug_server_port", "silk_daemon"))
          .isInstanceOf(InvocationTargetException.class)
          .cause()
          .isInstanceOf(MissingDependencyException.class)
          .hasMessageStartingWith(
              "/debug_server_port: needs io.micrometer:micrometer-registry-prometheus");
    }
  }

  private static final class WithoutMicrometer extends URLClassLoader {
    WithoutMicrometer(URL classes) {
      super(new URL[] {classes}, PrometheusMeters.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("io.micrometer.")) {
        throw new ClassNotFoundException(name);
      }
      if (name.startsWith("io.dualstack.impl.metrics.")) {
        synchronized (getClassLoadingLock(name)) {
          Class<?> loaded = findLoadedClass(name);
          return loaded == null ? findClass(name) : loaded;
        }
      }
      return super.loadClass(name, resolve);
    }
  }
}
