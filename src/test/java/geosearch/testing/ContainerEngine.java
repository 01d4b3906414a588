package geosearch.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.DockerClientFactory;

/** Decides whether tests that {@link RequiresContainers} can run. */
final class ContainerEngine implements ExecutionCondition {

  /** The build prints this file at its end. */
  private static final Path SKIPPED = Path.of("target", "skipped-integration-tests.txt");

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    @Nullable String missing = missing(context);
    if (missing == null) {
      return ConditionEvaluationResult.enabled("there is a container engine");
    }
    if ("true".equals(System.getenv("CI"))) {
      throw new IllegalStateException(
          "CI=true, and there is no " + missing + " for " + context.getDisplayName());
    }
    try {
      Files.createDirectories(SKIPPED.getParent());
      Files.writeString(
          SKIPPED,
          context.getDisplayName() + " (no " + missing + ")" + System.lineSeparator(),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ConditionEvaluationResult.disabled("there is no " + missing);
  }

  private static @Nullable String missing(ExtensionContext context) {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      return "container engine";
    }
    boolean compose =
        context
            .getTestClass()
            .map(test -> test.getAnnotation(RequiresContainers.class))
            .map(RequiresContainers::compose)
            .orElse(false);
    return compose && !Compose.isAvailable() ? "docker compose" : null;
  }
}
