/** The network provider for Google Compute Engine. */
module io.dualstack.spi.gcp {
  requires io.dualstack.api;
  requires org.slf4j;
  requires static org.jspecify;
}
