package io.dualstack.impl.cni.hostlocal;

import io.dualstack.cni.AddressRange;
import io.dualstack.cni.Attachment;
import io.dualstack.cni.IpamConfig;
import io.dualstack.cni.IpamDurability;
import io.dualstack.cni.RangeSet;
import io.dualstack.net.IpPrefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A dual-stack ADD while other addresses are in use, in process beside the original plugin's
 * process, which is started for each call as it is by runtimes: {@code java -jar
 * impl/target/benchmarks.jar HostLocalBenchmark}. What was added is released outside of the time
 * measured, so that there are always as many.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HostLocalBenchmark {
  private static final String CONTAINER = "added";

  /** In process with either promise about the disk, or the original. */
  @Param({"durable", "process", "go"})
  String by;

  @Param({"10", "10000", "60000"})
  int used;

  private final Attachment attachment = new Attachment(CONTAINER, "eth0");
  private Path folder;
  private Caller caller;

  private interface Caller {
    Object add();

    Object release();
  }

  /** Fills a directory: two addresses for each container. */
  @Setup
  public void fill() throws IOException {
    folder = Files.createTempDirectory("host-local");
    IpamConfig config =
        IpamConfig.of(
            "net",
            folder,
            RangeSet.of(AddressRange.of(IpPrefix.parse("10.0.0.0/8"))),
            RangeSet.of(AddressRange.of(IpPrefix.parse("2001:db8:1::/80"))));
    HostLocalIpam filling = new HostLocalIpam(IpamDurability.PROCESS);
    for (int container = 0; container < used / 2; container++) {
      Object unused = filling.add(config, new Attachment("c" + container, "eth0"));
    }
    caller =
        by.equals("go")
            ? original()
            : ours(config, new HostLocalIpam(IpamDurability.valueOf(by.toUpperCase(Locale.ROOT))));
  }

  private Caller ours(IpamConfig config, HostLocalIpam ipam) {
    return new Caller() {
      @Override
      public Object add() {
        return ipam.add(config, attachment);
      }

      @Override
      public Object release() {
        return ipam.release(config, attachment);
      }
    };
  }

  private Caller original() {
    String config =
        """
        {"cniVersion":"1.0.0","name":"net","type":"x","ipam":{"type":"host-local","dataDir":"%s",
        "ranges":[[{"subnet":"10.0.0.0/8"}],[{"subnet":"2001:db8:1::/80"}]]}}
        """
            .formatted(folder);
    return new Caller() {
      @Override
      public Object add() {
        return call("ADD");
      }

      @Override
      public Object release() {
        return call("DEL");
      }

      private Object call(String command) {
        GoHostLocal.Answer answer =
            GoHostLocal.run(GoHostLocal.environment(command, CONTAINER, ""), config);
        if (answer.exitCode() != 0) {
          throw new IllegalStateException(answer.stdout());
        }
        return answer;
      }
    };
  }

  /** Releases what was added. */
  @TearDown(Level.Invocation)
  public void release() {
    Object unused = caller.release();
  }

  /** Removes the directory. */
  @TearDown
  public void remove() throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Adds. */
  @Benchmark
  public Object add() {
    return caller.add();
  }
}
