package io.dualstack.impl.http;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.MissingDependencyException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WithoutOkHttpTest {
  @Test
  void without_okhttp_it_says_what_to_add() throws Exception {
    URL classes = RemoteService.class.getProtectionDomain().getCodeSource().getLocation();
    try (URLClassLoader without = new WithoutOkHttp(classes)) {
      Method of =
          without
              .loadClass(RemoteService.class.getName())
              .getMethod(
                  "of", URI.class, Duration.class, without.loadClass(ClientTls.class.getName()));

      assertThatThrownBy(
              () -> of.invoke(null, URI.create("http://[::1]:4103"), Duration.ofSeconds(5), null))
          .isInstanceOf(InvocationTargetException.class)
          .cause()
          .isInstanceOf(MissingDependencyException.class)
          .hasMessageStartingWith(
              "calling http://[::1]:4103: needs com.squareup.okhttp3:okhttp-jvm");
    }
  }

  private static final class WithoutOkHttp extends URLClassLoader {
    WithoutOkHttp(URL classes) {
      super(new URL[] {classes}, RemoteService.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("okhttp3.")) {
        throw new ClassNotFoundException(name);
      }
      if (name.startsWith("io.dualstack.impl.http.")) {
        synchronized (getClassLoadingLock(name)) {
          Class<?> loaded = findLoadedClass(name);
          return loaded == null ? findClass(name) : loaded;
        }
      }
      return super.loadClass(name, resolve);
    }
  }
}
