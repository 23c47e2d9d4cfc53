package io.dualstack.impl.routing.nats;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.MissingDependencyException;
import io.dualstack.routing.NatsServer;
import io.dualstack.routing.RegistrarConfig;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import org.junit.jupiter.api.Test;

class WithoutNatsTest {
  @Test
  void without_the_client_of_nats_it_says_what_to_add() throws Exception {
    URL classes = NatsRegistrar.class.getProtectionDomain().getCodeSource().getLocation();
    try (URLClassLoader without = new WithoutNats(classes)) {
      Method open =
          without.loadClass(NatsRegistrar.class.getName()).getMethod("open", RegistrarConfig.class);
      RegistrarConfig config = RegistrarConfig.of(List.of(NatsServer.parse("[::1]:4222")));

      assertThatThrownBy(() -> open.invoke(null, config))
          .isInstanceOf(InvocationTargetException.class)
          .cause()
          .isInstanceOf(MissingDependencyException.class)
          .hasMessageStartingWith("registering routes by NATS: needs io.nats:jnats");
    }
  }

  private static final class WithoutNats extends URLClassLoader {
    WithoutNats(URL classes) {
      super(new URL[] {classes}, NatsRegistrar.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("io.nats.")) {
        throw new ClassNotFoundException(name);
      }
      if (name.startsWith("io.dualstack.impl.routing.")) {
        synchronized (getClassLoadingLock(name)) {
          Class<?> loaded = findLoadedClass(name);
          return loaded == null ? findClass(name) : loaded;
        }
      }
      return super.loadClass(name, resolve);
    }
  }
}
