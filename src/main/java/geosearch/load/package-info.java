/** Brings areas in: files into the store, the store into the atlas, and the changes after that. */
@NullMarked
package geosearch.load;

import org.jspecify.annotations.NullMarked;
