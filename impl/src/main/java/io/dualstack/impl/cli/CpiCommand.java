package io.dualstack.impl.cli;

import io.dualstack.DualstackException;
import io.dualstack.impl.cpi.CpiConfig;
import io.dualstack.impl.cpi.CpiProvider;
import io.dualstack.impl.cpi.NetworkCpi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dualstack cpi}. */
@Command(
    name = "cpi",
    description = {
      "Serves one call of a BOSH director: the network part of a Cloud Provider Interface.",
      "The request is one JSON object on standard input, the answer one on standard output;"
          + " standard error is a log.",
      "The exit code is 0 whenever there is an answer, as the director looks at nothing else."
    },
    mixinStandardHelpOptions = true,
    footer = "dualstack cpi --provider openstack --config cpi.json < request.json")
final class CpiCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(CpiCommand.class);

  @Mixin private ConfigOption config;

  @Option(
      names = "--provider",
      paramLabel = "NAME",
      required = true,
      description = "The network provider.")
  private String provider = "";

  @Override
  public Integer call() throws IOException {
    String request = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    config.say(answer(request));
    return 0;
  }

  private String answer(String request) {
    try {
      CpiConfig read = CpiConfig.read(config.file());
      config.warn(read.warnings());
      try (CpiProvider open = CpiProvider.open(read, provider, Clock.systemUTC())) {
        return new NetworkCpi(open::session).serve(request);
      }
    } catch (DualstackException failure) {
      return NetworkCpi.refuse(failure);
    } catch (UncheckedIOException failure) {
      return NetworkCpi.refuse(FileFaults.describe(failure));
    } catch (RuntimeException failure) {
      // The director understands nothing but an answer.
      LOG.atError().setCause(failure).log("the call failed without being refused");
      return NetworkCpi.refuse(failure.toString());
    }
  }
}
