package geosearch.store;

import geosearch.geo.Area;
import geosearch.geo.Validity;
import geosearch.store.Outlines.NoOutlineException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Geometry;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads areas by {@code COPY … TO STDOUT (FORMAT binary)}: one row at a time however large a row
 * is, and with nothing written as text. The columns are: id and name (text), priority (integer),
 * attributes (a JSON object as text), outline (bytea, well-known binary in WGS 84; null where there
 * is none or it can't be transformed), and the SRID that the outline had (null where there is
 * none). Two more may follow: from when to when the area holds (bigint, microseconds since 1970;
 * null for ever); and two more yet: from when to when it was kept so (the same).
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">the format, under "Binary
 *     Format"</a>
 */
final class AreaRows {

  private static final int SIGNATURE_BYTES = 11;
  private static final int COLUMNS = 6;
  private static final int TIMED_COLUMNS = 8;
  private static final int KEPT_COLUMNS = 10;
  private static final short END = -1;

  private final Outlines outlines = new Outlines();
  private final AreaSink sink;
  private boolean begun;
  private long skipped;

  private AreaRows(AreaSink sink) {
    this.sink = sink;
  }

  /**
   * Gives every row of a query to the sink.
   *
   * @return how many rows could not be used
   */
  static long read(Connection connection, String select, AreaSink sink) throws SQLException {
    AreaRows rows = new AreaRows(sink);
    CopyOut copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut("COPY (" + select + ") TO STDOUT (FORMAT binary)");
    try {
      for (byte[] message = copy.readFromCopy(); message != null; message = copy.readFromCopy()) {
        rows.message(ByteBuffer.wrap(message));
      }
    } catch (RuntimeException | Error e) {
      cutOff(connection, e);
      throw e;
    }
    return rows.skipped;
  }

  /**
   * The rest of the rows is on its way, and to ask the server to stop can hit the statement after
   * this one; a failure is rare enough to cost the connection.
   */
  private static void cutOff(Connection connection, Throwable reason) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }

  /** The server sends one row in each message, and the header together with the first. */
  private void message(ByteBuffer message) {
    if (!begun) {
      message.position(SIGNATURE_BYTES + Integer.BYTES);
      int extension = message.getInt();
      message.position(message.position() + extension);
      begun = true;
    }
    while (message.hasRemaining()) {
      short columns = message.getShort();
      if (columns == END) {
        return;
      }
      if (columns != COLUMNS && columns != TIMED_COLUMNS && columns != KEPT_COLUMNS) {
        throw new IllegalStateException("a row of " + columns + " columns");
      }
      row(message, columns);
    }
  }

  private void row(ByteBuffer message, int columns) {
    String id = text(message);
    String name = text(message);
    ByteBuffer priority = field(message);
    String attributes = text(message);
    ByteBuffer wkb = field(message);
    ByteBuffer srid = field(message);
    Validity validity = columns >= TIMED_COLUMNS ? times(message) : Validity.ALWAYS;
    Validity kept = columns >= KEPT_COLUMNS ? times(message) : Validity.ALWAYS;
    if (id == null || id.isEmpty()) {
      skip("", "it has no id");
    } else if (wkb == null) {
      skip(
          id,
          srid == null
              ? "it has no outline"
              : "its outline can't be transformed from SRID " + srid.getInt());
    } else {
      Geometry outline;
      try {
        outline = outlines.read(wkb);
      } catch (NoOutlineException e) {
        skip(id, String.valueOf(e.getMessage()));
        return;
      }
      sink.accept(
          new Area(
              id,
              name == null ? "" : name,
              attributes == null ? Map.of() : AttributesJson.read(attributes),
              priority == null ? 0 : priority.getInt(),
              validity,
              kept),
          outline);
    }
  }

  private void skip(String id, String reason) {
    skipped++;
    sink.skip(id, reason);
  }

  private static Validity times(ByteBuffer message) {
    return new Validity(time(message), time(message));
  }

  private static Optional<Instant> time(ByteBuffer message) {
    ByteBuffer micros = field(message);
    return micros == null
        ? Optional.empty()
        : Optional.of(Instant.EPOCH.plus(micros.getLong(), ChronoUnit.MICROS));
  }

  private static @Nullable String text(ByteBuffer message) {
    int length = message.getInt();
    if (length < 0) {
      return null;
    }
    String text =
        new String(
            message.array(),
            message.arrayOffset() + message.position(),
            length,
            StandardCharsets.UTF_8);
    message.position(message.position() + length);
    return text;
  }

  /** A part of the message: outlines are large, and not copied. */
  private static @Nullable ByteBuffer field(ByteBuffer message) {
    int length = message.getInt();
    if (length < 0) {
      return null;
    }
    ByteBuffer field = message.slice(message.position(), length);
    message.position(message.position() + length);
    return field;
  }
}
