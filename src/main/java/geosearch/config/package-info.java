/** Every setting, checked, in one tree of records. */
@NullMarked
package geosearch.config;

import org.jspecify.annotations.NullMarked;
