package io.dualstack.impl.store;

import java.net.URL;
import java.net.URLClassLoader;

/** Loads the classes of stores once more, as if a library were not there. */
public final class ClassesWithout extends URLClassLoader {
  private final String missing;

  /** Loads what is where a class is, without any class whose name begins so. */
  public ClassesWithout(Class<?> one, String missing) {
    super(
        new URL[] {one.getProtectionDomain().getCodeSource().getLocation()}, one.getClassLoader());
    this.missing = missing;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (name.startsWith(missing)) {
      throw new ClassNotFoundException(name);
    }
    if (name.startsWith("io.dualstack.impl.store.")) {
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }
    return super.loadClass(name, resolve);
  }
}
