package geosearch.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test talks to real servers in containers. Without a container engine it is skipped, and the
 * build says so at its end; with {@code CI=true} that is a failure.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ContainerEngine.class)
public @interface RequiresContainers {

  /** Whether the test also needs {@code docker compose}. */
  boolean compose() default false;
}
