package io.dualstack.impl.cni.hostlocal;

import io.dualstack.cni.CniDns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads a file in the format of {@code resolv.conf} as host-local does. */
final class ResolvConf {
  private ResolvConf() {}

  static CniDns read(Path file) throws IOException {
    List<String> nameservers = new ArrayList<>();
    List<String> search = new ArrayList<>();
    List<String> options = new ArrayList<>();
    String domain = "";
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    for (String line : text.split("\n", -1)) {
      String stripped = line.strip();
      String[] words = stripped.split("\\s+");
      if (stripped.startsWith("#") || stripped.startsWith(";") || words.length < 2) {
        continue;
      }
      List<String> values = List.of(words).subList(1, words.length);
      switch (words[0]) {
        case "nameserver" -> nameservers.add(values.get(0));
        case "domain" -> domain = values.get(0);
        case "search" -> search.addAll(values);
        case "options" -> options.addAll(values);
        default -> {} // Sortlist and the like have no place in a result.
      }
    }
    return new CniDns(nameservers, domain, search, options, Map.of());
  }
}
