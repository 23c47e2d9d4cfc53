package io.dualstack.impl.store.mariadb;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.MissingDependencyException;
import io.dualstack.impl.store.ClassesWithout;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URLClassLoader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WithoutMariaTest {

  @ParameterizedTest
  @CsvSource({
    "org.mariadb., org.mariadb.jdbc:mariadb-java-client",
    "com.zaxxer.hikari., com.zaxxer:HikariCP",
    "org.flywaydb.core., org.flywaydb:flyway-core",
    "org.flywaydb.database., org.flywaydb:flyway-mysql"
  })
  void without_a_library_it_says_what_to_add(String missing, String artifact) throws Exception {
    try (URLClassLoader without = new ClassesWithout(MariaLocation.class, missing)) {
      Method of = without.loadClass(MariaLocation.class.getName()).getMethod("of", String.class);

      assertThatThrownBy(() -> of.invoke(null, "jdbc:mariadb://[::1]/ips?password=s3cret"))
          .isInstanceOf(InvocationTargetException.class)
          .cause()
          .isInstanceOf(MissingDependencyException.class)
          .hasMessageStartingWith("jdbc:mariadb://[::1]/ips: needs " + artifact + ",");
    }
  }
}
