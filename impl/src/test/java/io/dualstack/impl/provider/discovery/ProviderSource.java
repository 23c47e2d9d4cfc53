package io.dualstack.impl.provider.discovery;

/** The source of a provider, of which a test changes one thing. */
final class ProviderSource {
  private final String className;
  private String name;
  private String version = "API_VERSION";
  private String constructor = "";
  private String capabilities = "new Capabilities(java.util.Map.of(), false)";
  private String open = "return null;";

  private ProviderSource(String className, String name) {
    this.className = className;
    this.name = '"' + name + '"';
  }

  static ProviderSource of(String className, String name) {
    return new ProviderSource(className, name);
  }

  ProviderSource name(String expression) {
    name = expression;
    return this;
  }

  ProviderSource version(String expression) {
    version = expression;
    return this;
  }

  ProviderSource constructor(String statements) {
    constructor = statements;
    return this;
  }

  ProviderSource capabilities(String expression) {
    capabilities = expression;
    return this;
  }

  ProviderSource open(String statements) {
    open = statements;
    return this;
  }

  String text() {
    int dot = className.lastIndexOf('.');
    return """
        package %s;

        import io.dualstack.provider.*;

        public class %s implements NetworkProvider {
          public %s() { %s }
          @Override public String name() { return %s; }
          @Override public int apiVersion() { return %s; }
          @Override public Capabilities capabilities() { return %s; }
          @Override public ProviderSession open(ProviderContext context) { %s }
        }
        """
        .formatted(
            className.substring(0, dot),
            className.substring(dot + 1),
            className.substring(dot + 1),
            constructor,
            name,
            version,
            capabilities,
            open);
  }
}
