package io.dualstack.impl.cli;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.impl.http.ClientTls;
import io.dualstack.impl.http.DaemonUrl;
import io.dualstack.impl.http.MutualTls;
import io.dualstack.impl.http.RemoteService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** A daemon of a cell that is asked, and what for if that goes by HTTPS. */
final class CellOptions {
  static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static final MutualTls.Names NAMES =
      new MutualTls.Names("--ca-cert-file", "--client-cert-file", "--client-key-file");

  @Option(
      names = "--cell",
      paramLabel = "URL",
      required = true,
      converter = Url.class,
      description = "Ask the daemon of a cell: http://HOST:PORT, https://HOST:PORT or unix:/PATH.")
  private DaemonUrl url;

  @ArgGroup(exclusive = false)
  private @Nullable Tls tls;

  /** By HTTPS without these, the authorities are those of the system. */
  private static final class Tls {
    @Option(
        names = "--ca-cert-file",
        paramLabel = "FILE",
        required = true,
        description = "Authorities of the daemon's certificate, in PEM.")
    private Path ca;

    @ArgGroup(exclusive = false)
    private @Nullable Own own;
  }

  /** What is shown to the daemon. */
  private static final class Own {
    @Option(
        names = "--client-cert-file",
        paramLabel = "FILE",
        required = true,
        description = "Certificate to show, in PEM.")
    private Path certificate;

    @Option(
        names = "--client-key-file",
        paramLabel = "FILE",
        required = true,
        description = "The certificate's key, in PEM.")
    private Path key;
  }

  /** Says what is wrong with a URL, after the option's name. */
  private static final class Url implements ITypeConverter<DaemonUrl> {
    @Override
    public DaemonUrl convert(String text) {
      try {
        return DaemonUrl.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  /**
   * Asks the daemon by what its URL says.
   *
   * @throws InvalidConfigurationException if there are certificates that it is not shown, or that
   *     can't be used
   */
  <T> T ask(Function<RemoteService, T> byHttp, Function<Path, T> bySocket) {
    if (tls != null && !url.isTls()) {
      throw new InvalidConfigurationException(
          List.of(
              Diagnostic.error(
                  NAMES.ca(),
                  "CertificateUnused",
                  "%s: %s is not asked by TLS; write https://, or leave certificates out"
                      .formatted(tls.ca, url))));
    }
    if (url instanceof DaemonUrl.Http http) {
      return byHttp.apply(RemoteService.of(http.url(), TIMEOUT, tls == null ? null : client(tls)));
    }
    return bySocket.apply(((DaemonUrl.Socket) url).file());
  }

  private static ClientTls client(Tls tls) {
    return tls.own == null
        ? MutualTls.trustOnly(tls.ca, NAMES.ca())
        : MutualTls.client(tls.ca, tls.own.certificate, tls.own.key, NAMES);
  }
}
