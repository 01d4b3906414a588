package geosearch.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.function.BooleanSupplier;

/**
 * The streams of a command.
 *
 * @param in what it reads
 * @param out its results, and nothing else
 * @param err everything else that it says
 * @param errIsTerminal whether somebody watches {@code err}; finding out takes a moment
 */
record Console(InputStream in, PrintStream out, PrintStream err, BooleanSupplier errIsTerminal) {}
