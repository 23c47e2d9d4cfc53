package io.dualstack.testkit.constraint;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Holds the values of a {@code @ForAll} parameter to one block of addresses. Stands on addresses,
 * prefixes, ranges, sets, interface addresses and endpoints, also as elements of a collection.
 */
@Documented
@Target({ElementType.ANNOTATION_TYPE, ElementType.PARAMETER, ElementType.TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Inside {
  /**
   * The block in CIDR notation, such as {@code 2001:db8::/32}.
   *
   * @return the block that holds every value
   */
  String value();
}
