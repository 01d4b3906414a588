package geosearch.store;

import geosearch.geo.Area;
import java.time.Instant;
import java.util.Optional;
import org.locationtech.jts.geom.Geometry;

/**
 * A zone as it is kept.
 *
 * @param area id, name, attributes and priority
 * @param outline a valid polygon or multipolygon in WGS 84, or nothing where it was not asked for
 * @param createTime when it was created; nothing for a row of the original's table
 * @param revision grows with each change to any zone, in the order of the commits; 0 for a row of
 *     the original's table
 * @param readOnly whether it is a row of the original's table
 */
public record Zone(
    Area area,
    Optional<Geometry> outline,
    Optional<Instant> createTime,
    long revision,
    boolean readOnly) {}
