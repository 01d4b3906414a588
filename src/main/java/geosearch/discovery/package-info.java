/** Consul: registration that follows readiness, and the look-up that clients use. */
@NullMarked
package geosearch.discovery;

import org.jspecify.annotations.NullMarked;
