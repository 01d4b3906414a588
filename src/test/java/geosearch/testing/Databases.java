package geosearch.testing;

import geosearch.testing.Servers.Database;

/** Puts databases in the place of others while somebody uses them. */
public final class Databases {

  private Databases() {}

  /** Renames a database; whoever uses it is disconnected. */
  public static void rename(Database database, String name) {
    Database admin = admin(database);
    disconnect(admin, database.name());
    admin.execute("ALTER DATABASE " + database.name() + " RENAME TO " + name);
    admin.execute("ALTER DATABASE " + name + " ALLOW_CONNECTIONS true");
  }

  /** Makes a copy as a backup would; whoever uses the database is disconnected. */
  public static void copy(Database database, String name) {
    Database admin = admin(database);
    disconnect(admin, database.name());
    admin.execute("CREATE DATABASE " + name + " TEMPLATE " + database.name());
    admin.execute("ALTER DATABASE " + database.name() + " ALLOW_CONNECTIONS true");
  }

  /** Creates a database that has PostGIS and nothing else. */
  public static void createEmpty(Database like) {
    Database empty = Servers.newDatabase();
    rename(empty, like.name());
  }

  private static Database admin(Database database) {
    return new Database(database.host(), database.port(), "postgres");
  }

  private static void disconnect(Database admin, String name) {
    admin.execute("ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
    admin.execute(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '"
            + name
            + "'");
  }
}
