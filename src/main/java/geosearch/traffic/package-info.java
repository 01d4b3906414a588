/**
 * What calls and connections may take of the memory and of the processor, and who is refused beyond
 * that.
 */
@NullMarked
package geosearch.traffic;

import org.jspecify.annotations.NullMarked;
