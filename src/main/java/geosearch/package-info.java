/** Starts a command, and wires the parts of the server. */
@NullMarked
package geosearch;

import org.jspecify.annotations.NullMarked;
