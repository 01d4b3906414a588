/**
 * What the server knows now: layers, each an immutable snapshot, published together by one atomic
 * reference.
 */
@NullMarked
package geosearch.atlas;

import org.jspecify.annotations.NullMarked;
