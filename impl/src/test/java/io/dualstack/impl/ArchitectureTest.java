package io.dualstack.impl;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.dualstack.impl.cell.PluginSocket;
import io.dualstack.impl.cell.RemoteInstances;
import io.dualstack.impl.http.RemoteService;
import java.net.InetSocketAddress;
import java.util.Iterator;
import org.jspecify.annotations.NullMarked;

/** Who may know whom, and what a type of its kind must look like. */
@AnalyzeClasses(packages = "io.dualstack", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String[] API = {
    "io.dualstack",
    "io.dualstack.allocation",
    "io.dualstack.allocation.spi",
    "io.dualstack.cell",
    "io.dualstack.cni",
    "io.dualstack.director",
    "io.dualstack.firewall",
    "io.dualstack.host",
    "io.dualstack.lease",
    "io.dualstack.net",
    "io.dualstack.policy",
    "io.dualstack.provider",
    "io.dualstack.provider.support",
    "io.dualstack.routing",
    "io.dualstack.workload",
  };

  /**
   * By where a class was read from, as a class in a wrong package would escape a rule on packages.
   */
  private static final DescribedPredicate<JavaClass> IN_THE_API_MODULE =
      describe(
          "in the api module",
          type ->
              type.getBaseComponentType()
                  .getSource()
                  .map(source -> source.getUri().toString())
                  .filter(uri -> uri.contains("/api/target/") || uri.contains("/dualstack-api-"))
                  .isPresent());

  private static final DescribedPredicate<JavaClass> PACKAGE_INFO =
      describe("a package-info", type -> type.getSimpleName().equals("package-info"));

  @ArchTest
  static final ArchRule the_api_has_only_its_known_packages =
      classes().that(IN_THE_API_MODULE).should().resideInAnyPackage(API);

  @ArchTest
  static final ArchRule the_api_depends_on_four_things =
      classes()
          .that(IN_THE_API_MODULE)
          .should()
          .onlyDependOnClassesThat(
              IN_THE_API_MODULE.or(
                  resideInAnyPackage("java..", "inet.ipaddr..", "org.jspecify..", "org.slf4j..")));

  @ArchTest
  static final ArchRule one_class_parses_addresses =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.dualstack.net.IpText")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("inet.ipaddr.IPAddressString");

  @ArchTest
  static final ArchRule values_of_the_net_package_are_final_and_immutable =
      classes()
          .that(resideInAPackage("io.dualstack.net").and(not(PACKAGE_INFO)))
          .and()
          .areNotInterfaces()
          .and()
          .areNotAssignableTo(Iterator.class)
          .should()
          .haveModifier(FINAL)
          .andShould()
          .haveOnlyFinalFields();

  @ArchTest
  static final ArchRule the_pool_is_an_engine_on_numbers_and_nothing_else =
      classes()
          .that()
          .resideInAPackage("io.dualstack.impl.allocation.pool..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "com.google.common..",
              "org.jspecify..",
              "io.dualstack.net",
              "io.dualstack.impl.allocation.pool..");

  @ArchTest
  static final ArchRule only_the_command_line_knows_picocli =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.dualstack.impl.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("picocli..", "io.dualstack.impl.cli..");

  @ArchTest
  static final ArchRule only_the_command_line_prints =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.dualstack.impl.cli..")
          .should(ACCESS_STANDARD_STREAMS);

  @ArchTest
  static final ArchRule only_stores_speak_sql =
      noClasses()
          .that()
          .resideOutsideOfPackage("..store..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.sql..",
              "javax.sql..",
              "org.sqlite..",
              "org.mariadb..",
              "org.postgresql..",
              "com.zaxxer.hikari..",
              "org.flywaydb..");

  /**
   * All but the socket of plugins, a file; what hosts mean to listeners is decided in one place.
   */
  @ArchTest
  static final ArchRule only_the_http_package_opens_server_sockets =
      noClasses()
          .that(
              resideOutsideOfPackages("io.dualstack.impl.http", "io.dualstack.testkit..")
                  .and(not(type(PluginSocket.class))))
          .should()
          .callMethodWhere(
              target(name("create"))
                  .and(target(owner(assignableTo("com.sun.net.httpserver.HttpServer")))))
          .orShould()
          .dependOnClassesThat()
          .haveNameMatching(
              "java\\.nio\\.channels\\.(Asynchronous)?ServerSocketChannel|(java|javax)\\.net\\.(ssl\\.)?(SSL)?ServerSocket(Factory)?");

  /** So that nobody gives a server an address of his own reading; these two are clients. */
  @ArchTest
  static final ArchRule only_the_http_package_makes_addresses_to_listen_on =
      noClasses()
          .that(resideOutsideOfPackages("io.dualstack.impl.http", "io.dualstack.testkit.."))
          .and()
          .haveNameNotMatching("io\\.dualstack\\.impl\\.lab\\.(Probe|trace\\.Sender)")
          .should()
          .callConstructorWhere(target(owner(type(InetSocketAddress.class))));

  /**
   * Connections of that client are opened by threads of its own, which stay in the namespace they
   * were started in; whoever calls from a namespace opens its sockets in its own thread.
   */
  @ArchTest
  static final ArchRule what_enters_namespaces_calls_no_remote_service =
      noClasses()
          .that(resideInAnyPackage("..cni..", "..cell..").and(not(type(RemoteInstances.class))))
          .should()
          .transitivelyDependOnClassesThat(type(RemoteService.class));

  @ArchTest
  static final ArchRule packages_form_no_cycle =
      slices().matching("io.dualstack.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule null_is_marked_in_every_package =
      classes()
          .should()
          .beAnnotatedWith(NullMarked.class)
          .orShould(
              be(
                  describe(
                      "in a package marked @NullMarked",
                      type -> type.getPackage().isAnnotatedWith(NullMarked.class))));

  @ArchTest
  static final ArchRule types_are_named_for_what_makes_them_different =
      noClasses().should().haveNameMatching(".*(Utils?|Helper|Manager|Impl)(\\$.*)?");
}
