package io.dualstack.testkit.constraint;

import io.dualstack.net.IpFamily;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Holds the values of a {@code @ForAll} parameter to one family. Stands on addresses, prefixes,
 * ranges, sets, interface addresses and endpoints, also as elements of a collection.
 */
@Documented
@Target({ElementType.ANNOTATION_TYPE, ElementType.PARAMETER, ElementType.TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Family {
  /**
   * The family.
   *
   * @return the family of every value
   */
  IpFamily value();
}
