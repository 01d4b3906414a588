/** One truth about readiness: conditions and listeners. */
@NullMarked
package geosearch.health;

import org.jspecify.annotations.NullMarked;
