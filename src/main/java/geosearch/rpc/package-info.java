/** The only gRPC on the serving side: services, conversion, interceptors, the server. */
@NullMarked
package geosearch.rpc;

import org.jspecify.annotations.NullMarked;
