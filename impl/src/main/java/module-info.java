/**
 * Implementations behind the Dualstack API. Nothing here is for compiling against: it is found at
 * run time.
 */
module io.dualstack.impl {
  requires com.fasterxml.jackson.databind;
  requires com.google.common;
  requires io.dualstack.api;
  requires java.sql;
  requires org.slf4j;
  requires org.snakeyaml.engine;
  requires static info.picocli;
  requires static org.jspecify;
  requires static org.xerial.sqlitejdbc;

  opens io.dualstack.impl.cli to
      info.picocli;
}
