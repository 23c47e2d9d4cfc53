/** The network provider for Amazon EC2. */
module io.dualstack.spi.aws {
  requires io.dualstack.api;
  requires org.slf4j;
  requires static org.jspecify;
}
