package geosearch.store;

/**
 * A table or view as the settings name it.
 *
 * @param schema empty means the search path
 * @param name of the table
 */
record TableName(String schema, String name) {

  /**
   * Takes {@code table} or {@code schema.table} apart. A part that has a dot or ends in spaces is
   * written in double quotes, as in SQL.
   */
  static TableName parse(String text) {
    int dot = -1;
    boolean quoted = false;
    for (int i = 0; i < text.length() && dot < 0; i++) {
      if (text.charAt(i) == '"') {
        quoted = !quoted;
      } else if (text.charAt(i) == '.' && !quoted) {
        dot = i;
      }
    }
    return dot < 0
        ? new TableName("", unquote(text))
        : new TableName(unquote(text.substring(0, dot)), unquote(text.substring(dot + 1)));
  }

  private static String unquote(String part) {
    String bare = part.strip();
    return bare.length() >= 2 && bare.startsWith("\"") && bare.endsWith("\"")
        ? bare.substring(1, bare.length() - 1).replace("\"\"", "\"")
        : bare;
  }

  /** A name as an identifier of SQL. */
  static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** A text as a literal of SQL, whatever {@code standard_conforming_strings} says. */
  static String literal(String text) {
    return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }

  @Override
  public String toString() {
    return schema.isEmpty() ? name : schema + "." + name;
  }
}
