/**
 * What callers in Java hold: channels that find servers in Consul and ask again where it is safe.
 */
@NullMarked
package geosearch.client;

import org.jspecify.annotations.NullMarked;
