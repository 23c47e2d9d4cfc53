package io.dualstack.impl.store;

import java.util.regex.Pattern;

/** Where stores are, as it may be shown. */
public final class Locations {

  /** What a URL has before its host, which may be a name and a password. */
  private static final Pattern USER = Pattern.compile("//[^/?]*@");

  private Locations() {}

  /** Returns a location without what may be secret in it: who logs in, and all parameters. */
  public static String withoutSecrets(String location) {
    int parameters = location.indexOf('?');
    String path = parameters < 0 ? location : location.substring(0, parameters);
    return USER.matcher(path).replaceFirst("//");
  }
}
