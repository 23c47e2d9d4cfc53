package io.dualstack.spi.aws;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;

/** A provider stands on the API alone: it lives in a class loader that has nothing else of ours. */
@AnalyzeClasses(packages = "io.dualstack.spi", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule knows_no_implementation =
      noClasses().should().dependOnClassesThat().resideInAPackage("io.dualstack.impl..");

  @ArchTest
  static final ArchRule has_one_root_package =
      classes().should().resideInAPackage("io.dualstack.spi.aws..");

  @ArchTest
  static final ArchRule never_prints = GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
}
