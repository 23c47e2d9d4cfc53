package io.dualstack.impl.firewall.iptables;

import io.dualstack.KernelException;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Tool;
import io.dualstack.net.IpFamily;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The programs of iptables, in the namespace of a host. */
final class IptablesTool {
  /** Both kinds of iptables wait by this for others that don't take the lock file. */
  private static final List<String> WAIT = List.of("--wait", "5");

  private static final Pattern LINE = Pattern.compile("line:? (\\d+)");

  private final Namespace host;
  private final String variant;
  private final RestoreRuns runs;

  /**
   * Takes the programs of a variant.
   *
   * @param variant what stands behind {@code iptables} in their names: empty, {@code -nft} or
   *     {@code -legacy}
   */
  IptablesTool(Namespace host, String variant) {
    this.host = host;
    this.variant = variant;
    this.runs = new RestoreRuns(host);
  }

  private String program(IpFamily family, String verb) {
    return (family == IpFamily.IPV4 ? "iptables" : "ip6tables") + variant + verb;
  }

  /** Returns the command that changes tables as it is told. */
  List<String> restoring(IpFamily family) {
    return List.of(program(family, "-restore"), "--noflush", WAIT.get(0), WAIT.get(1));
  }

  /**
   * Changes tables, one after the other, each as a whole. A program that has done so may be kept
   * from ending until {@link #letEnd}.
   *
   * @throws KernelException naming the line that was refused; its table and those after it are as
   *     they were
   */
  void restore(IpFamily family, Restore change) {
    if (change.isEmpty()) {
      return;
    }
    String text = change.toString();
    List<String> command = restoring(family);
    try {
      runs.run(command, text, change.transactions());
    } catch (KernelException e) {
      throw new KernelException(
          String.join(" ", command) + " in " + host, e.answer() + refused(e.answer(), text), e);
    }
  }

  /** Lets the programs end that are kept from it, which is to be done behind the last change. */
  void letEnd() {
    runs.letEnd();
  }

  private static String refused(String answer, String text) {
    Matcher matcher = LINE.matcher(answer);
    if (!matcher.find()) {
      return "";
    }
    return text.lines()
        .skip(Long.parseLong(matcher.group(1)) - 1)
        .findFirst()
        .map(line -> ": " + line)
        .orElse("");
  }

  /** Reads all tables of a family. */
  SavedTables save(IpFamily family) {
    return SavedTables.parse(Tool.run(host, List.of(program(family, "-save")), ""));
  }

  /** Reads the rules of one chain of the filter table. */
  List<String> rules(IpFamily family, String chain) {
    return Tool.run(host, List.of(program(family, ""), WAIT.get(0), WAIT.get(1), "-S", chain), "")
        .lines()
        .filter(line -> line.startsWith("-A "))
        .toList();
  }
}
