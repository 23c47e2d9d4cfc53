package io.dualstack.impl.cni.hostlocal;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.cni.AddressRange;
import io.dualstack.cni.Attachment;
import io.dualstack.cni.CniIp;
import io.dualstack.cni.IpamConfig;
import io.dualstack.cni.IpamDurability;
import io.dualstack.cni.IpamInspection;
import io.dualstack.cni.RangeSet;
import io.dualstack.net.IpPrefix;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes killed while they allocate: what they answered is there, and nothing is torn. */
class HostLocalCrashIT {
  @TempDir private Path dataDir;

  private static IpamConfig config(Path dataDir) {
    return IpamConfig.of(
        "net",
        dataDir,
        RangeSet.of(AddressRange.of(IpPrefix.parse("10.0.0.0/16"))),
        RangeSet.of(AddressRange.of(IpPrefix.parse("2001:db8::/80"))));
  }

  @Test
  void an_answer_survives_the_end_of_its_process() throws Exception {
    Map<String, String> held = new HashMap<>();
    for (int round = 0; round < 8; round++) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xshare:auto",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Worker.class.getName(),
                  dataDir.toString(),
                  Integer.toString(round))
              .redirectError(Redirect.INHERIT)
              .start();
      try (BufferedReader answers =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        int wanted = 20 + 37 * round;
        String line = answers.readLine();
        for (int i = 0; line != null; line = answers.readLine()) {
          note(line, held);
          if (++i == wanted) {
            // By its handle: the process itself would close its output, with answers in it.
            assertThat(process.toHandle().destroyForcibly()).isTrue();
          }
        }
      }
      assertThat(process.waitFor()).isEqualTo(137);
    }

    IpamInspection found = new HostLocalIpam(IpamDurability.DURABLE).inspect(config(dataDir));

    assertThat(found.findings()).isEmpty();
    Map<String, String> files = new HashMap<>();
    found.reservations().forEach(each -> files.put(each.address().toString(), each.containerId()));
    assertThat(files).containsAllEntriesOf(held);
    // At most the two addresses of the one call that each killed process was in may be more.
    Set<String> unanswered = new HashSet<>(files.keySet());
    unanswered.removeAll(held.keySet());
    assertThat(unanswered).hasSizeLessThanOrEqualTo(8 * 2);
  }

  private static void note(String line, Map<String, String> held) {
    String[] words = line.split(" ");
    if (words.length == 3 && words[0].equals("+")) {
      held.put(words[2], words[1]);
    } else if (words[0].equals("-")) {
      held.values().removeIf(words[1]::equals);
    }
  }

  /** Adds, and releases every third; says what was answered, and before a release what is asked. */
  static final class Worker {
    private Worker() {}

    public static void main(String[] args) throws IOException {
      HostLocalIpam ipam = new HostLocalIpam(IpamDurability.DURABLE);
      IpamConfig config = config(Files.createDirectories(Path.of(args[0])));
      for (int i = 0; ; i++) {
        Attachment attachment = new Attachment("r" + args[1] + "-" + i, "eth0");
        StringBuilder said = new StringBuilder();
        for (CniIp ip : ipam.add(config, attachment).ips()) {
          said.append("+ ")
              .append(attachment.containerId())
              .append(' ')
              .append(ip.address().address())
              .append('\n');
        }
        System.out.print(said);
        System.out.flush();
        if (i % 3 == 0) {
          System.out.println("- " + attachment.containerId());
          System.out.flush();
          var unused = ipam.release(config, attachment);
        }
      }
    }
  }
}
