package io.dualstack.impl.provider.discovery;

import io.dualstack.provider.DiscoveredProvider;
import io.dualstack.provider.DiscoveredProvider.Broken;
import io.dualstack.provider.DiscoveredProvider.Usable;
import io.dualstack.provider.NetworkProvider;
import java.lang.reflect.InvocationTargetException;
import java.util.ServiceConfigurationError;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a look at something that claims to be a provider gave.
 *
 * @param name the name it gave itself; its class, folder or jar if it gave none
 * @param named whether it gave itself that name
 * @param result the provider, or what is broken about it and what to do
 */
record Inspection(String name, boolean named, DiscoveredProvider result) {
  private static final Pattern PROVIDER_NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");
  private static final Pattern CLASS_FILE_VERSION = Pattern.compile("class file version (\\d+)");
  private static final int CLASS_FILE_VERSION_OF_JAVA_0 = 44;

  /** What couldn't even claim to be a provider. */
  static Inspection of(Broken broken) {
    return new Inspection(broken.name(), false, broken);
  }

  /** Makes the provider and asks it who it is. Whatever that leads to is its failure, not ours. */
  static Inspection of(Claim claim) {
    @Nullable String name = null;
    try {
      NetworkProvider provider = claim.instance().call();
      int version = provider.apiVersion();
      name = provider.name();
      @Nullable String problem = problem(name, version, claim);
      if (problem == null && provider.capabilities() == null) {
        problem = "tells no capabilities; ask its maker for a working build";
      }
      return problem == null
          ? new Inspection(name, true, new Usable(provider, claim.origin()))
          : broken(name, claim, problem);
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Throwable e) {
      return broken(name, claim, explain(e, claim));
    }
  }

  private static Inspection broken(@Nullable String name, Claim claim, String reason) {
    String known = name == null ? claim.className() : name;
    return new Inspection(known, name != null, new Broken(known, claim.origin(), reason));
  }

  /** This, with a problem that only shows beside others. */
  Inspection refused(String reason) {
    return new Inspection(name, named, new Broken(name, result.origin(), reason));
  }

  private static @Nullable String problem(@Nullable String name, int version, Claim claim) {
    if (version != NetworkProvider.API_VERSION) {
      return "was built for api %d, this is api %d; put a build for api %d %s%s"
          .formatted(
              version,
              NetworkProvider.API_VERSION,
              NetworkProvider.API_VERSION,
              claim.place(),
              version > NetworkProvider.API_VERSION ? ", or upgrade Dualstack" : "");
    }
    if (name == null || !PROVIDER_NAME.matcher(name).matches()) {
      return ("calls itself \"%s\", which is no name of a provider: a lower case letter, then up to"
              + " 62 lower case letters, digits and hyphens; ask its maker for a working build")
          .formatted(name);
    }
    return null;
  }

  /** Returns what a failure means to the user, to be read after the origin. */
  static String explain(Throwable failure, Claim claim) {
    if (failure instanceof InvocationTargetException call && call.getCause() != null) {
      return inConstructor(call.getCause(), claim);
    }
    if (failure instanceof ClassNotFoundException) {
      return "names the class %s, which is not there; put the jar that has it %s"
          .formatted(claim.className(), claim.place());
    }
    if (failure instanceof NoSuchMethodException
        || failure instanceof IllegalAccessException
        || failure instanceof InstantiationException) {
      return claim.className()
          + " is no public class with a public constructor without parameters; ask its maker for a"
          + " working build";
    }
    if (failure instanceof ClassCastException) {
      return "%s is no %s; correct %s"
          .formatted(claim.className(), NetworkProvider.class.getName(), ServiceFile.NAME);
    }
    if (failure instanceof ServiceConfigurationError error && error.getCause() != null) {
      return inConstructor(error.getCause(), claim);
    }
    if (failure instanceof ExceptionInInitializerError) {
      return inConstructor(failure, claim);
    }
    if (failure instanceof LinkageError error) {
      return notLinked(error, claim);
    }
    return "fails when it is asked who it is: %s; ask its maker for a working build"
        .formatted(failure);
  }

  private static String inConstructor(Throwable failure, Claim claim) {
    if (failure instanceof LinkageError error && !(error instanceof ExceptionInInitializerError)) {
      return notLinked(error, claim);
    }
    Throwable cause =
        failure instanceof ExceptionInInitializerError && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return "the constructor of %s fails: %s; ask its maker for a working build"
        .formatted(claim.className(), cause);
  }

  private static String notLinked(LinkageError error, Claim claim) {
    if (error instanceof UnsupportedClassVersionError) {
      Matcher version = CLASS_FILE_VERSION.matcher(String.valueOf(error.getMessage()));
      String needed =
          version.find()
              ? "Java " + (Integer.parseInt(version.group(1)) - CLASS_FILE_VERSION_OF_JAVA_0)
              : "a newer Java";
      return "needs %s, this is Java %d; use the newer Java, or put a build for this one %s"
          .formatted(needed, Runtime.version().feature(), claim.place());
    }
    String message = String.valueOf(error.getMessage());
    if (error instanceof NoClassDefFoundError && !message.contains("initialize")) {
      return "needs the class %s, which is not there; put the jar that has it %s"
          .formatted(message.replace('/', '.'), claim.place());
    }
    if (error instanceof IncompatibleClassChangeError) {
      return "doesn't fit this api, %d, or a library beside it: %s; put a build for api %d %s"
          .formatted(
              NetworkProvider.API_VERSION, error, NetworkProvider.API_VERSION, claim.place());
    }
    return "can't be loaded: %s; put a working build %s".formatted(error, claim.place());
  }
}
