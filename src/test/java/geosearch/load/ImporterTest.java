package geosearch.load;

import static geosearch.load.Imports.CONFIG;
import static geosearch.load.Imports.REQUEST;
import static geosearch.load.Imports.assertContains;
import static geosearch.load.Imports.collection;
import static geosearch.load.Imports.concat;
import static geosearch.load.Imports.gzip;
import static geosearch.load.Imports.run;
import static geosearch.load.Imports.source;
import static geosearch.load.Imports.town;
import static geosearch.load.Imports.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import geosearch.store.Dataset;
import geosearch.store.StoreException;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ImporterTest {

  private static ImportReport importInto(
      RecordingStore store, Importer.Progress progress, ImportSource... sources)
      throws ImportRefusedException {
    return new Importer(CONFIG).run(REQUEST, List.of(sources), store, progress);
  }

  @Test
  void run_file_writesDownWhereItCameFrom() throws Exception {
    RecordingStore store = new RecordingStore();
    byte[] file = gzip(utf8(collection(town("a"), town("b"))));
    ImportRequest request =
        new ImportRequest("town", "code", "nom", List.of(), "us", 2.5, true, false, true);

    Dataset dataset = run(request, store, file).dataset().orElseThrow();

    assertEquals("file1", dataset.source());
    assertEquals("us", dataset.attribution());
    assertEquals(2.5, dataset.accuracyMetres());
    assertEquals(2, dataset.areas());
    assertEquals(
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file)),
        dataset.checksum());
    assertTrue(store.forced);
  }

  @Test
  void run_severalFiles_makeOneVersion() throws Exception {
    RecordingStore store = new RecordingStore();
    byte[] first = gzip(utf8(collection(town("a"), town("b"))));
    byte[] second = utf8(town("c"));

    Dataset dataset = run(REQUEST, store, first, second).dataset().orElseThrow();

    assertEquals(List.of("a", "b", "c"), store.ids());
    assertEquals(List.of(1L, 2L, 3L), store.added.stream().map(a -> a.featureNumber()).toList());
    assertEquals("file1, file2", dataset.source());
    assertEquals(
        HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(concat(first, second))),
        dataset.checksum());
  }

  @Test
  void run_manyFiles_namesTheFirstOnes() throws Exception {
    byte[][] files = new byte[8][];
    for (int i = 0; i < files.length; i++) {
      files[i] = utf8(town("t" + i));
    }

    assertEquals(
        "file1, file2, file3, file4, file5 and 3 more",
        run(REQUEST, new RecordingStore(), files).dataset().orElseThrow().source());
  }

  @Test
  void run_nextFile_isOpenedWhenTheOneBeforeIsClosed() throws Exception {
    List<String> events = new ArrayList<>();
    List<ImportSource> sources = new ArrayList<>();
    for (String name : List.of("a", "b")) {
      sources.add(
          new ImportSource() {
            @Override
            public String name() {
              return name;
            }

            @Override
            public InputStream open() {
              events.add("open " + name);
              return new FilterInputStream(new ByteArrayInputStream(utf8(town(name)))) {
                @Override
                public void close() throws IOException {
                  if (events.getLast().equals("open " + name)) {
                    events.add("close " + name);
                  }
                  super.close();
                }
              };
            }
          });
    }

    importInto(new RecordingStore(), (b, f) -> {}, sources.toArray(ImportSource[]::new));

    assertEquals(List.of("open a", "close a", "open b", "close b"), events);
  }

  @Test
  void run_progress_growsToTheEndOfAllFiles() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      lines.append(town("t" + i)).append('\n');
    }
    byte[] first = gzip(utf8(lines.toString()));
    byte[] second = utf8(town("last"));
    List<Long> bytes = new ArrayList<>();
    List<Long> features = new ArrayList<>();

    importInto(
        new RecordingStore(),
        (b, f) -> {
          bytes.add(b);
          features.add(f);
        },
        source("first", first),
        source("second", second));

    assertEquals(first.length + second.length, bytes.getLast());
    assertEquals(3001, features.getLast());
    assertEquals(bytes.stream().sorted().toList(), bytes);
    assertEquals(features.stream().sorted().toList(), features);
  }

  @Test
  void run_progressThatThrows_endsTheImport() {
    RecordingStore store = new RecordingStore();
    IllegalStateException gone = new IllegalStateException("the caller is gone");

    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                importInto(
                    store,
                    (b, f) -> {
                      throw gone;
                    },
                    source("a", utf8(town("a")))));

    assertSame(gone, thrown);
    assertTrue(store.begun && store.isUnchanged());
  }

  @Test
  void run_storeRefusesAtCommit_isRefusedWithItsMessage() {
    RecordingStore store = new RecordingStore();
    store.failAtCommit =
        Optional.of(new StoreException(StoreException.Kind.REFUSED, "one id occurs twice"));

    ImportRefusedException refusal =
        assertThrows(ImportRefusedException.class, () -> run(REQUEST, store, town("a")));

    assertEquals("one id occurs twice", refusal.getMessage());
    assertTrue(store.isUnchanged());
  }

  @Test
  void run_storeFails_throwsItsException() {
    RecordingStore store = new RecordingStore();
    StoreException failure = new StoreException(StoreException.Kind.UNAVAILABLE, "gone");
    store.failAtCommit = Optional.of(failure);

    assertSame(failure, assertThrows(StoreException.class, () -> run(REQUEST, store, town("a"))));
    assertTrue(store.isUnchanged());
  }

  @Test
  void run_readOnlyStore_opensNothing() {
    RecordingStore store = new RecordingStore();
    store.readOnlyReason = Optional.of("no rights");
    ImportSource untouched =
        new ImportSource() {
          @Override
          public String name() {
            return "untouched";
          }

          @Override
          public InputStream open() {
            throw new AssertionError("was opened");
          }
        };

    StoreException thrown =
        assertThrows(StoreException.class, () -> importInto(store, (b, f) -> {}, untouched));

    assertEquals(StoreException.Kind.READ_ONLY, thrown.kind());
    assertContains("no rights", thrown.getMessage());
    assertFalse(store.begun);
  }

  @Test
  void run_badFeatureEarlyOn_beginsNoTransaction() {
    RecordingStore store = new RecordingStore();

    assertThrows(
        ImportRefusedException.class,
        () -> run(REQUEST, store, collection("null", town("a"), town("b"))));

    assertFalse(store.begun);
  }

  @Test
  void run_streamThatBreaksOff_saysAfterWhichByte() {
    RecordingStore store = new RecordingStore();
    byte[] whole = utf8(collection(town("a"), town("b")));
    InputStream broken =
        new InputStream() {
          private int position;

          @Override
          public int read() throws IOException {
            if (position == 300) {
              throw new IOException("the line is dead");
            }
            return whole[position++];
          }

          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            buffer[offset] = (byte) read();
            return 1;
          }
        };

    ImportRefusedException refusal =
        assertThrows(
            ImportRefusedException.class,
            () -> importInto(store, (b, f) -> {}, ImportSource.of("a.json", broken)));

    assertEquals("a.json: can't be read (after byte 300): the line is dead", refusal.getMessage());
    assertTrue(store.isUnchanged());
  }

  @Test
  void run_interruptedWhileReading_rollsBackAndKeepsTheMark() throws Exception {
    RecordingStore store = new RecordingStore();
    CountDownLatch firstWritten = new CountDownLatch(1);
    store.onAdd = firstWritten::countDown;
    AtomicBoolean closed = new AtomicBoolean();
    InputStream endless =
        new InputStream() {
          private final byte[] line = utf8(town("a") + "\n");
          private long position;

          @Override
          public int read() {
            return line[(int) (position++ % line.length)];
          }

          @Override
          public int read(byte[] buffer, int offset, int length) {
            for (int i = offset; i < offset + length; i++) {
              buffer[i] = (byte) read();
            }
            return length;
          }

          @Override
          public void close() {
            closed.set(true);
          }
        };
    AtomicReference<Throwable> outcome = new AtomicReference<>();
    AtomicBoolean marked = new AtomicBoolean();
    Thread caller =
        Thread.ofPlatform()
            .start(() -> {
              try {
                importInto(store, (b, f) -> {}, ImportSource.of("endless", endless));
              } catch (Throwable e) {
                outcome.set(e);
                marked.set(Thread.currentThread().isInterrupted());
              }
            });
    firstWritten.await();
    caller.interrupt();
    caller.join();

    assertEquals("the import was interrupted", outcome.get().getMessage());
    assertEquals(ImportRefusedException.class, outcome.get().getClass());
    assertTrue(marked.get());
    assertTrue(store.begun && store.isUnchanged());
    assertTrue(closed.get());
    assertFalse(store.writerInterrupted);
  }

  @Test
  void run_interruptedWhileTheSourceIsSilent_rollsBack() throws Exception {
    RecordingStore store = new RecordingStore();
    CountDownLatch reading = new CountDownLatch(1);
    InputStream silent =
        new InputStream() {
          @Override
          public int read() throws IOException {
            reading.countDown();
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            return -1;
          }

          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            return read();
          }
        };
    AtomicReference<Throwable> outcome = new AtomicReference<>();
    Thread caller =
        Thread.ofPlatform()
            .start(() -> {
              try {
                importInto(store, (b, f) -> {}, ImportSource.of("silent", silent));
              } catch (Throwable e) {
                outcome.set(e);
              }
            });
    reading.await();
    caller.interrupt();
    caller.join();

    assertEquals("the import was interrupted", outcome.get().getMessage());
    assertTrue(store.isUnchanged());
  }
}
