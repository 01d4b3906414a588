-- A store has an identity, so that a server notices when another store, an empty one or an older state takes its place.

-- In this table, for it has one row and everybody who may read the schema may read it already.
ALTER TABLE ${schema}.zone_revision
  -- Never changes. A copy or a backup of the database has the same.
  ADD COLUMN store_id text NOT NULL DEFAULT gen_random_uuid()::text,
  -- When somebody said that servers may use this store in place of the one that they served.
  ADD COLUMN accept_time timestamptz,
  -- The oldest versions of this schema whose servers may read and write it. A migration that older servers cannot cope with
  -- raises them; while they stay, servers of both versions run side by side.
  ADD COLUMN least_reader integer NOT NULL DEFAULT 2,
  ADD COLUMN least_writer integer NOT NULL DEFAULT 2;

-- Counts the changes of what is served of a layer. With the revision of the zones they make the revision of the store, which
-- never decreases. One counter for all layers would be locked by an import while it deletes old versions.
ALTER TABLE ${schema}.layer ADD COLUMN changes bigint NOT NULL DEFAULT 0;

CREATE FUNCTION ${schema}.count_layer_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.changes := OLD.changes + 1;
  RETURN NEW;
END
$$;

CREATE TRIGGER count_change BEFORE UPDATE ON ${schema}.layer
  FOR EACH ROW EXECUTE FUNCTION ${schema}.count_layer_change();
