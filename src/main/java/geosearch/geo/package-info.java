/** Pure values and the spatial index; no I/O, no framework. */
@NullMarked
package geosearch.geo;

import org.jspecify.annotations.NullMarked;
