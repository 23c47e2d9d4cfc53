package io.dualstack.impl.cni.hostlocal;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.cni.AddressRange;
import io.dualstack.cni.Attachment;
import io.dualstack.cni.IpamConfig;
import io.dualstack.cni.IpamDurability;
import io.dualstack.cni.RangeSet;
import io.dualstack.net.IpPrefix;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was answered is on the disk, by the order of the system calls of a process. */
class DurableOrderIT {
  private static final Pattern SYNC =
      Pattern.compile("f(?:data)?sync\\(\\d+<([^>]*)>(?:\\(deleted\\))?\\).* = 0");
  private static final Pattern NAME = Pattern.compile("(mkdir|unlink)\\(\"([^\"]*)\".* = 0");
  private static final Pattern LINK =
      Pattern.compile("(link)at\\(.*\"/proc/self/fd/.*\"([^\"]*)\", AT_SYMLINK_FOLLOW\\) = 0");
  private static final Pattern ANSWER =
      Pattern.compile("write\\(1<[^>]*>, \"(.*)\\\\n\", \\d+\\).*");
  private static final Pattern NAMELESS = Pattern.compile("#\\d+");

  @TempDir Path temp;

  private static IpamConfig config(Path dataDir) {
    return IpamConfig.of(
        "net",
        dataDir,
        RangeSet.of(AddressRange.of(IpPrefix.parse("10.0.0.0/16"))),
        RangeSet.of(AddressRange.of(IpPrefix.parse("2001:db8::/80"))));
  }

  @Test
  void content_then_name_then_directory_reach_the_disk_before_the_answer() throws Exception {
    assertThat(events(IpamDurability.DURABLE))
        .containsExactly(
            "answer ready",
            // The directories that are new, each by what holds its name.
            "mkdir data",
            "mkdir net",
            "sync data",
            "sync made",
            "sync nameless",
            "link 10.0.0.2",
            "sync last_reserved_ip.0",
            "sync nameless",
            "link 2001:db8::2",
            "sync last_reserved_ip.1",
            "sync net",
            "answer added a",
            "sync nameless",
            "link 10.0.0.3",
            "sync last_reserved_ip.0",
            "sync nameless",
            "link 2001:db8::3",
            "sync last_reserved_ip.1",
            "sync net",
            "answer added b",
            "unlink",
            "unlink",
            "sync net",
            "answer released a",
            "unlink",
            "unlink",
            "sync net",
            "answer collected b");
  }

  @Test
  void nothing_is_waited_for_where_only_the_process_may_die() throws Exception {
    assertThat(events(IpamDurability.PROCESS))
        .contains("link 10.0.0.2", "answer collected b")
        .noneMatch(event -> event.startsWith("sync"));
  }

  private List<String> events(IpamDurability durability) throws Exception {
    Path made = Files.createDirectory(temp.resolve("made"));
    Path traces = Files.createDirectory(temp.resolve("traces"));
    Process process =
        new ProcessBuilder(
                "strace",
                "-ff",
                "-y",
                "-s",
                "4096",
                "-e",
                "trace=mkdir,write,fsync,fdatasync,linkat,unlink",
                "-o",
                traces.resolve("of").toString(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Worker.class.getName(),
                made.resolve("data").toString(),
                durability.name())
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.INHERIT)
            .start();
    assertThat(process.waitFor()).isZero();
    // One file for each thread, so that no call is torn by another's.
    try (var files = Files.list(traces)) {
      for (Path file : files.toList()) {
        List<String> events = events(Files.readAllLines(file), made);
        if (events.contains("answer ready")) {
          return events.subList(events.indexOf("answer ready"), events.size());
        }
      }
    }
    throw new AssertionError("no thread answered");
  }

  private static List<String> events(List<String> calls, Path below) {
    List<String> events = new ArrayList<>();
    for (String call : calls) {
      Matcher sync = SYNC.matcher(call);
      Matcher name = NAME.matcher(call);
      Matcher link = LINK.matcher(call);
      Matcher answer = ANSWER.matcher(call);
      if (sync.matches()) {
        String last = last(sync.group(1));
        events.add("sync " + (NAMELESS.matcher(last).matches() ? "nameless" : last));
      } else if (name.matches() && Path.of(name.group(2)).startsWith(below)) {
        // Which of an owner's files goes first is nobody's business.
        events.add(name.group(1).equals("mkdir") ? "mkdir " + last(name.group(2)) : name.group(1));
      } else if (link.matches()) {
        events.add("link " + last(link.group(2)));
      } else if (answer.matches()) {
        events.add("answer " + answer.group(1));
      }
    }
    return events;
  }

  private static String last(String path) {
    return String.valueOf(Path.of(path).getFileName());
  }

  /** Adds two, takes one back, and collects the other. */
  static final class Worker {
    private Worker() {}

    public static void main(String[] args) throws IOException {
      HostLocalIpam ipam = new HostLocalIpam(IpamDurability.valueOf(args[1]));
      IpamConfig config = config(Path.of(args[0]));
      Attachment a = new Attachment("a", "eth0");
      Attachment b = new Attachment("b", "eth0");
      answer("ready");
      var unused = ipam.add(config, a);
      answer("added a");
      unused = ipam.add(config, b);
      answer("added b");
      var unusedAddresses = ipam.release(config, a);
      answer("released a");
      unusedAddresses = ipam.collect(config, Set.of());
      answer("collected b");
    }

    private static void answer(String text) throws IOException {
      // Whole, other than what a PrintStream may do.
      System.out.write((text + "\n").getBytes(StandardCharsets.US_ASCII));
      System.out.flush();
    }
  }
}
