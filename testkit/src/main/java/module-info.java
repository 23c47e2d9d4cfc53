/** Generators, contract suites and fakes for whoever implements or uses the Dualstack API. */
module io.dualstack.testkit {
  requires transitive io.dualstack.api;
  requires transitive net.jqwik.api;
  requires transitive org.junit.jupiter.api;
  requires com.fasterxml.jackson.databind;
  requires com.sun.jna;
  requires jdk.httpserver;
  requires org.assertj.core;
  requires org.opentest4j;
  requires static transitive org.jspecify;

  exports io.dualstack.testkit;
  exports io.dualstack.testkit.cloud;
  exports io.dualstack.testkit.cloud.aws;
  exports io.dualstack.testkit.cloud.gcp;
  exports io.dualstack.testkit.cloud.openstack;
  exports io.dualstack.testkit.constraint;
  exports io.dualstack.testkit.contract;
  exports io.dualstack.testkit.lab;
  exports io.dualstack.testkit.provider;

  provides net.jqwik.api.configurators.ArbitraryConfigurator with
      io.dualstack.testkit.arbitrary.ScopeConfigurator;
  provides net.jqwik.api.providers.ArbitraryProvider with
      io.dualstack.testkit.arbitrary.NetValueProvider;
}
