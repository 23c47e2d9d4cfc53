package io.dualstack.testkit.constraint;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Holds the prefixes of a {@code @ForAll} parameter to some lengths; a family that has none of them
 * is left out. Stands on prefixes, and on {@code int} and {@code Integer} where a parameter is a
 * length itself.
 */
@Documented
@Target({ElementType.ANNOTATION_TYPE, ElementType.PARAMETER, ElementType.TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Length {
  /**
   * The shortest length.
   *
   * @return 0 to 128
   */
  int min() default 0;

  /**
   * The longest length; IPv4 stops at 32 whatever it is.
   *
   * @return {@link #min()} to 128
   */
  int max() default 128;
}
