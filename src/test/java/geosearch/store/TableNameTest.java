package geosearch.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TableNameTest {

  @Test
  void parse_nameAlone_hasNoSchema() {
    assertEquals(new TableName("", "parcel"), TableName.parse("parcel"));
    assertEquals(new TableName("", "my.table"), TableName.parse("\"my.table\""));
  }

  @Test
  void parse_nameWithSchema_takesThemApart() {
    assertEquals(new TableName("cadastre", "Parcel"), TableName.parse("cadastre.Parcel"));
    assertEquals(new TableName("a.b", "c\"d"), TableName.parse("\"a.b\".\"c\"\"d\""));
    assertEquals(new TableName("cadastre", "parcel"), TableName.parse(" cadastre . parcel "));
  }

  @Test
  void quote_anyName_isOneIdentifier() {
    assertEquals("\"a\"\" ; DROP TABLE b\"", TableName.quote("a\" ; DROP TABLE b"));
  }

  @Test
  void literal_anyText_isOneLiteral() {
    assertEquals("E'it''s \\\\ it'", TableName.literal("it's \\ it"));
  }
}
