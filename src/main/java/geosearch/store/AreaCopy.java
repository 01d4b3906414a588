package geosearch.store;

import geosearch.geo.Area;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.WKBWriter;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes areas by {@code COPY … FROM STDIN (FORMAT binary)}. A socket has no time-out for what is
 * written to it, so a thread watches, and cuts the connection off if the server takes nothing for
 * too long.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">the format, under "Binary
 *     Format"</a>
 */
final class AreaCopy {

  private static final Logger log = LoggerFactory.getLogger(AreaCopy.class);

  private static final byte[] SIGNATURE =
      "PGCOPY\n\u00ff\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int COLUMNS = 7;
  private static final int END = -1;

  /** What jsonb puts before its text. */
  private static final int JSONB_VERSION = 1;

  private final CopyIn copy;
  private final DataOutputStream out;
  private final WKBWriter wkb = new WKBWriter();
  private final long dataset;
  private final Thread watch;

  /** When the writing began that is under way, in nanoseconds; 0 while there is none. */
  private volatile long writingSince;

  /**
   * @param patience how long the server may take nothing
   * @param table of areas, in SQL
   * @param dataset the number of the version that they belong to
   */
  AreaCopy(Connection connection, Duration patience, String table, long dataset)
      throws SQLException {
    this.copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn(
                "COPY "
                    + table
                    + " (dataset, feature, id, name, priority, attributes, outline)"
                    + " FROM STDIN (FORMAT binary)");
    this.out = new DataOutputStream(new BufferedOutputStream(new Messages(), BUFFER_BYTES));
    this.dataset = dataset;
    this.watch =
        Thread.ofVirtual()
            .name("geosearch-import")
            .start(() -> watch(connection, patience.toNanos()));
    try {
      out.write(SIGNATURE);
      out.writeInt(0);
      out.writeInt(0);
    } catch (IOException e) {
      throw cause(e);
    }
  }

  void add(long feature, Area area, Geometry outline) throws SQLException {
    try {
      out.writeShort(COLUMNS);
      number(dataset);
      number(feature);
      field(area.id().getBytes(StandardCharsets.UTF_8));
      field(area.name().getBytes(StandardCharsets.UTF_8));
      out.writeInt(Integer.BYTES);
      out.writeInt(area.priority());
      byte[] attributes = AttributesJson.write(area.attributes()).getBytes(StandardCharsets.UTF_8);
      out.writeInt(attributes.length + 1);
      out.writeByte(JSONB_VERSION);
      out.write(attributes);
      field(wkb.write(outline));
    } catch (IOException e) {
      throw cause(e);
    }
  }

  /** Ends it; the rows are in the table then, as far as the transaction is concerned. */
  void end() throws SQLException {
    try {
      out.writeShort(END);
      out.flush();
    } catch (IOException e) {
      throw cause(e);
    }
    watch.interrupt();
    copy.endCopy();
  }

  /** Gives up, if it has not ended. */
  void cancel() throws SQLException {
    watch.interrupt();
    if (copy.isActive()) {
      copy.cancelCopy();
    }
  }

  private void watch(Connection connection, long patience) {
    try {
      for (boolean stuck = false; !stuck; ) {
        Thread.sleep(Duration.ofNanos(patience / 4));
        long since = writingSince;
        stuck = since != 0 && System.nanoTime() - since > patience;
      }
      connection.abort(Runnable::run);
    } catch (InterruptedException e) {
      // Nothing is written any more.
    } catch (SQLException e) {
      log.debug("could not cut off an import that hangs", e);
    }
  }

  private void number(long value) throws IOException {
    out.writeInt(Long.BYTES);
    out.writeLong(value);
  }

  private void field(byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static SQLException cause(IOException e) {
    return e.getCause() instanceof SQLException sql ? sql : new SQLException(e);
  }

  private final class Messages extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      writingSince = System.nanoTime() | 1; // never the 0 that means no writing
      try {
        copy.writeToCopy(bytes, offset, length);
      } catch (SQLException e) {
        throw new IOException(e);
      } finally {
        writingSince = 0;
      }
    }
  }
}
