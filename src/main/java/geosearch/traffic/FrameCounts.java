package geosearch.traffic;

/**
 * Counts the frames of a connection that lead to nothing, beside what it gets done, second by
 * second.
 *
 * <p>Confined to the connection's thread.
 */
final class FrameCounts {

  /** How long frames are counted together. */
  private static final long WINDOW_NANOS = 1_000_000_000;

  /** Frames without progress that a connection may send in a window, whatever else it does. */
  private static final int IDLE_FRAMES = 500;

  /** The same, for each call or message that it sent. */
  private static final int FRAMES_PER_STEP = 4;

  /** The same: one for so many bytes that it was sent, for it opens windows for these. */
  private static final int BYTES_PER_FRAME = 256;

  /** Settings are acknowledged and applied to every stream. */
  private static final int SETTINGS_COST = 20;

  /** Calls that were begun and cancelled in one turn, in a window. */
  private static final int RAPID_RESETS = 1_000;

  private long windowBegan;
  private long idleFrames;
  private long steps;
  private long rapidResets;
  private long bytesOut;
  private long bytesOutBefore;
  private int firstOpened;
  private long openedTurn = -1;

  FrameCounts(long nowNanos) {
    this.windowBegan = nowNanos;
  }

  /** Counts a call that was begun, or a message that arrived. */
  void step() {
    steps++;
  }

  /** Counts frames that lead to nothing. */
  void idle(int frames) {
    idleFrames += frames;
  }

  void settings() {
    idle(SETTINGS_COST);
  }

  /**
   * Notes that a stream was opened.
   *
   * @param turn of its thread
   */
  void opened(int stream, long turn) {
    if (openedTurn != turn) {
      openedTurn = turn;
      firstOpened = stream;
    }
  }

  /** Counts a stream's end by the client, which is rapid in the turn in which it was opened. */
  void reset(int stream, long turn) {
    idle(1);
    if (openedTurn == turn && stream >= firstOpened) {
      rapidResets++;
    }
  }

  /** Counts what is written to the client. */
  void sent(int bytes) {
    bytesOut += bytes;
  }

  /** Returns how many bytes were written to the client. */
  long bytesOut() {
    return bytesOut;
  }

  /** Returns whether the client does little else than keep the server busy. */
  boolean isFlood(long nowNanos) {
    if (rapidResets > RAPID_RESETS) {
      return true;
    }
    if (idleFrames > IDLE_FRAMES) {
      long sent = bytesOut - bytesOutBefore;
      if (idleFrames > IDLE_FRAMES + FRAMES_PER_STEP * steps + sent / BYTES_PER_FRAME) {
        return true;
      }
    }
    if (nowNanos - windowBegan > WINDOW_NANOS) {
      windowBegan = nowNanos;
      idleFrames = 0;
      steps = 0;
      rapidResets = 0;
      bytesOutBefore = bytesOut;
    }
    return false;
  }
}
