package geosearch.geo;

import java.util.List;
import org.locationtech.jts.algorithm.locate.IndexedPointInAreaLocator;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.Location;
import org.locationtech.jts.index.ItemVisitor;
import org.locationtech.jts.index.strtree.STRtree;

/** The peer: JTS's tree of envelopes, and its locator for each area. */
final class JtsIndex {
  private final STRtree tree = new STRtree();

  private record Entry(int number, Envelope envelope, IndexedPointInAreaLocator locator) {}

  JtsIndex(List<Geometry> outlines) {
    for (int i = 0; i < outlines.size(); i++) {
      Geometry outline = outlines.get(i);
      Envelope envelope = outline.getEnvelopeInternal();
      IndexedPointInAreaLocator locator = new IndexedPointInAreaLocator(outline);
      // Locators are built when first asked.
      locator.locate(new Coordinate(envelope.getMinX(), envelope.getMinY()));
      tree.insert(envelope, new Entry(i, envelope, locator));
    }
    tree.build();
  }

  void locate(double latitude, double longitude, AreaIndex.MatchConsumer consumer) {
    Coordinate position = new Coordinate(longitude, latitude);
    ItemVisitor visitor =
        item -> {
          Entry entry = (Entry) item;
          if (entry.envelope().contains(position)) {
            int location = entry.locator().locate(position);
            if (location != Location.EXTERIOR) {
              consumer.accept(entry.number(), location == Location.BOUNDARY);
            }
          }
        };
    tree.query(new Envelope(position), visitor);
  }
}
