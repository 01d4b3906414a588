package geosearch.atlas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.geo.Area;
import geosearch.geo.AreaIndex;
import geosearch.geo.Layer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.GeometryFactory;

class DirectoriesTest {
  private static final GeometryFactory FACTORY = new GeometryFactory();
  private static final List<String> WORDS = List.of("North", "Nord", "Harbour", "Hill", "Ferry");

  private final Random random = new Random(11);
  private final Atlas atlas = new Atlas(List.of());
  private final Directories directories = new Directories();

  @Test
  void of_indexAfterChanges_saysTheSameAsOfTheIndexBuiltAsAWhole() {
    AreaIndex index = changed(AreaIndex.empty(), 200).compacted();
    for (int round = 0; round < 60; round++) {
      index = changed(index, random.nextInt(5));
      if (round == 40) {
        index = index.compacted();
      }

      assertAgree(new Directory(index.compacted()), directory(index));
    }
  }

  @Test
  void of_sameSnapshot_isKept() {
    AreaIndex index = changed(AreaIndex.empty(), 3);

    assertSame(directory(index), directory(index));
  }

  private Directory directory(AreaIndex index) {
    Layer layer = new Layer("zones", Layer.Kind.ZONES, false, "", "", "", 0);
    atlas.publish(List.of(new Snapshot(layer, index, 1, 1, Instant.EPOCH)));
    View view = atlas.view().orElseThrow();
    return directories.of(view, view.layers().getFirst());
  }

  /** Adds, changes and removes areas. */
  private AreaIndex changed(AreaIndex index, int changes) {
    AreaIndex.Builder more = AreaIndex.builder();
    Set<String> taken = new HashSet<>();
    Set<String> removed = new HashSet<>();
    for (int i = 0; i < changes; i++) {
      String id = "z" + random.nextInt(250);
      if (random.nextInt(4) == 0) {
        removed.add(id);
      } else if (taken.add(id)) {
        double west = random.nextInt(20);
        double side = 1 + random.nextInt(4);
        more.add(
            new Area(id, word() + " " + word(), Map.of()),
            FACTORY.toGeometry(new Envelope(west, west + side, 0, side)));
      }
    }
    removed.removeAll(taken);
    return index.with(more, removed);
  }

  private String word() {
    return WORDS.get(random.nextInt(WORDS.size()));
  }

  private static void assertAgree(Directory whole, Directory changed) {
    int size = whole.index().size();
    assertEquals(size, changed.index().size());
    for (String sought : List.of("n", "north", "hill ferry", "harbor", "hil", "absent")) {
      SoughtName name = SoughtName.of(sought);
      assertEquals(whole.named(name), changed.named(name), sought);
      assertEquals(whole.misspelt(name), changed.misspelt(name), sought);
      whole.named(name).stream()
          .forEach(ordinal -> assertEquals(whole.fit(ordinal, name), changed.fit(ordinal, name)));
    }
    for (int i = 0; i < 250; i++) {
      String id = "z" + i;
      assertTrue(Arrays.equals(whole.withId(id), changed.withId(id)), id);
    }
    for (int ordinal = 0; ordinal < size; ordinal++) {
      assertEquals(whole.foldedName(ordinal), changed.foldedName(ordinal));
      for (int west = -1; west < 25; west += 3) {
        assertEquals(
            whole.meets(ordinal, west, 2, west + 2.5, 3),
            changed.meets(ordinal, west, 2, west + 2.5, 3));
      }
    }
  }
}
