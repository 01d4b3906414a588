/** The commands that people type. */
@NullMarked
package geosearch.cli;

import org.jspecify.annotations.NullMarked;
