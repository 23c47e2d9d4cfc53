package io.dualstack.impl.provider.discovery;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.dualstack.ProviderNotFoundException;
import io.dualstack.provider.DiscoveredProvider;
import io.dualstack.provider.DiscoveredProvider.Broken;
import io.dualstack.provider.DiscoveredProvider.Usable;
import io.dualstack.provider.NetworkProvider;
import io.dualstack.provider.Providers;
import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The providers of the class path, the module path and the plugin directories. Looks once, when
 * first asked; makes each provider by itself, so that a broken one is reported and the others work.
 * Thread-safe.
 */
public final class ProviderDiscovery implements Providers, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProviderDiscovery.class);

  private final ClassLoader host;
  private final List<Path> pluginDirectories;
  private final Object lock = new Object();
  private final List<URLClassLoader> loaders = new ArrayList<>();
  private @Nullable Found found;
  private boolean closed;

  /**
   * Prepares to look; does nothing yet.
   *
   * @param pluginDirectories folders with one folder per plugin
   */
  public ProviderDiscovery(List<Path> pluginDirectories) {
    this(ProviderDiscovery.class.getClassLoader(), pluginDirectories);
  }

  /**
   * Prepares to look on the class path of a certain loader.
   *
   * @param host whose class path it is
   * @param pluginDirectories folders with one folder per plugin
   */
  ProviderDiscovery(ClassLoader host, List<Path> pluginDirectories) {
    this.host = host;
    this.pluginDirectories = List.copyOf(pluginDirectories);
  }

  @Override
  public List<DiscoveredProvider> discovered() {
    return found().all();
  }

  @Override
  public NetworkProvider byName(String name) {
    Found all = found();
    Usable usable = all.usable().get(name);
    if (usable == null) {
      throw new ProviderNotFoundException(name, notFound(name, all));
    }
    return usable.provider();
  }

  private String notFound(String name, Found all) {
    List<Broken> named = all.broken().stream().filter(one -> one.name().equals(name)).toList();
    String lower = name.toLowerCase(Locale.ROOT);
    StringBuilder message = new StringBuilder();
    message
        .append(named.isEmpty() ? "no network provider " : "can't use network provider ")
        .append('"')
        .append(name)
        .append("\". Found: ")
        .append(
            all.usable().isEmpty()
                ? "none"
                : all.usable().entrySet().stream()
                    .map(one -> one.getKey() + " (" + one.getValue().origin() + ")")
                    .collect(joining(", ")))
        .append('.');
    if (!all.broken().isEmpty()) {
      message
          .append(" Broken: ")
          .append(
              all.broken().stream()
                  .map(one -> "%s: %s %s".formatted(one.name(), one.origin(), one.reason()))
                  .collect(joining(". ")))
          .append('.');
    }
    if (all.usable().containsKey(lower)) {
      message.append(" Did you mean \"").append(lower).append("\"?");
    } else if (named.isEmpty()) {
      message
          .append(" Put its jar on the class path, or its jars into a folder in ")
          .append(
              pluginDirectories.isEmpty()
                  ? "a plugin directory"
                  : pluginDirectories.stream().map(Path::toString).collect(joining(" or ")))
          .append('.');
    }
    return message.toString();
  }

  private Found found() {
    synchronized (lock) {
      if (closed) {
        throw new IllegalStateException("providers: closed; open the library again");
      }
      Found before = found;
      if (before == null) {
        before = discover();
        found = before;
      }
      return before;
    }
  }

  private Found discover() {
    ModuleLayer ours = ProviderDiscovery.class.getModule().getLayer();
    HostProviders onHost = HostProviders.find(host, ours == null ? ModuleLayer.boot() : ours);
    List<Claim> claims = new ArrayList<>(onHost.claims());
    List<Broken> broken = new ArrayList<>(onHost.broken());
    Set<Path> read = new HashSet<>();
    for (Path directory : pluginDirectories) {
      if (read.add(realPath(directory))) {
        PluginDirectory plugins = PluginDirectory.read(directory, loaders::add);
        claims.addAll(plugins.claims());
        broken.addAll(plugins.broken());
      }
    }
    List<Inspection> inspections =
        Stream.concat(broken.stream().map(Inspection::of), claims.stream().map(Inspection::of))
            .toList();
    Found result = Found.of(refuseTwins(inspections));
    for (Broken one : result.broken()) {
      LOG.atWarn()
          .addKeyValue("provider", one.name())
          .addKeyValue("origin", one.origin())
          .log("network provider can't be used: {}", one.reason());
    }
    return result;
  }

  private static Path realPath(Path directory) {
    try {
      return directory.toRealPath();
    } catch (IOException e) {
      return directory.toAbsolutePath().normalize();
    }
  }

  /** Of two with one name neither can be used: which one is meant would be a guess. */
  private static List<Inspection> refuseTwins(List<Inspection> all) {
    Map<String, List<String>> origins =
        all.stream()
            .filter(Inspection::named)
            .collect(groupingBy(Inspection::name, mapping(one -> one.result().origin(), toList())));
    return all.stream()
        .map(
            one -> {
              List<String> others =
                  new ArrayList<>(
                      one.named() ? origins.getOrDefault(one.name(), List.of()) : List.of());
              others.remove(one.result().origin());
              return others.isEmpty() || one.result() instanceof Broken
                  ? one
                  : one.refused(
                      "has the same name as another one (%s); remove one of them"
                          .formatted(String.join(" and ", others)));
            })
        .toList();
  }

  /** Closes the plugins' class loaders. Closing twice is closing once. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      for (URLClassLoader loader : loaders) {
        try {
          loader.close();
        } catch (IOException e) {
          LOG.atWarn()
              .addKeyValue("loader", loader.getName())
              .setCause(e)
              .log("a plugin's class loader can't be closed");
        }
      }
      loaders.clear();
    }
  }

  /** What there is: usable ones by name, broken ones by name and origin. */
  private record Found(SortedMap<String, Usable> usable, List<Broken> broken) {
    static Found of(List<Inspection> inspections) {
      TreeMap<String, Usable> usable = new TreeMap<>();
      List<Broken> broken = new ArrayList<>();
      for (Inspection one : inspections) {
        if (one.result() instanceof Usable provider) {
          usable.put(one.name(), provider);
        } else if (one.result() instanceof Broken other) {
          broken.add(other);
        }
      }
      broken.sort(comparing(Broken::name).thenComparing(Broken::origin));
      return new Found(usable, List.copyOf(broken));
    }

    List<DiscoveredProvider> all() {
      return Stream.<DiscoveredProvider>concat(usable.values().stream(), broken.stream()).toList();
    }
  }
}
