/** The meter registry and the name of every metric. */
@NullMarked
package geosearch.metrics;

import org.jspecify.annotations.NullMarked;
