/** The only SQL: PostGIS and the embedded store behind one small interface. */
@NullMarked
package geosearch.store;

import org.jspecify.annotations.NullMarked;
