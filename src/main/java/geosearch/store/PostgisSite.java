package geosearch.store;

import java.util.Optional;

/**
 * What the store found in the database and may rely on.
 *
 * @param postgis the schema of the PostGIS extension, quoted
 * @param own whether our own tables are there and may be read
 * @param readOnlyReason why nothing can be written, or nothing where it can
 */
record PostgisSite(String postgis, boolean own, Optional<String> readOnlyReason) {}
