-- The times of changes of zones never decrease along their revisions, also if the clock is set back: a change takes the later of
-- the clock's time and the last change's, under the row lock under which it takes its revision.

-- least_reader and least_writer stay at 2: servers of version 2 send and receive the same as before, and the triggers set the times
-- of their changes too.

ALTER TABLE ${schema}.zone_revision
  -- Of the last change of any zone; null if there was none.
  ADD COLUMN change_time timestamptz;

UPDATE ${schema}.zone_revision SET change_time = (SELECT max(change_time) FROM ${schema}.zone_state);

CREATE OR REPLACE FUNCTION ${schema}.next_zone_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE ${schema}.zone_revision SET value = value + 1, change_time = greatest(change_time, clock_timestamp())
    RETURNING value, change_time INTO NEW.revision, NEW.update_time;
  IF TG_OP = 'INSERT' THEN
    NEW.create_time := NEW.update_time;
  END IF;
  RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION ${schema}.keep_zone_state() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  moved boolean := TG_OP = 'UPDATE' AND (OLD.collection, OLD.id) IS DISTINCT FROM (NEW.collection, NEW.id);
  gone bigint;
  gone_time timestamptz;
BEGIN
  IF TG_OP = 'DELETE' OR moved THEN
    UPDATE ${schema}.zone_revision SET value = value + 1, change_time = greatest(change_time, clock_timestamp())
      RETURNING value, change_time INTO gone, gone_time;
    UPDATE ${schema}.zone_state SET replaced_time = gone_time WHERE revision = OLD.revision;
    INSERT INTO ${schema}.zone_state (revision, collection, id, change_time, replaced_time, deleted)
      VALUES (gone, OLD.collection, OLD.id, gone_time, gone_time, true);
    UPDATE ${schema}.collection SET revision = gone, zones = zones - 1 WHERE name = OLD.collection;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    IF TG_OP = 'UPDATE' AND NOT moved THEN
      UPDATE ${schema}.zone_state SET replaced_time = NEW.update_time WHERE revision = OLD.revision;
    END IF;
    INSERT INTO ${schema}.zone_state (revision, collection, id, change_time, deleted, name, priority, attributes, outline,
        circle, start_time, end_time, create_time)
      VALUES (NEW.revision, NEW.collection, NEW.id, NEW.update_time, false, NEW.name, NEW.priority, NEW.attributes,
        NEW.outline, NEW.circle, NEW.start_time, NEW.end_time, NEW.create_time);
    INSERT INTO ${schema}.collection AS c (name, revision, zones) VALUES (NEW.collection, NEW.revision, 1)
      ON CONFLICT (name) DO UPDATE SET revision = greatest(c.revision, NEW.revision),
        zones = c.zones + CASE WHEN TG_OP = 'INSERT' OR moved THEN 1 ELSE 0 END;
  END IF;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION ${schema}.keep_truncation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  gone_time timestamptz;
BEGIN
  UPDATE ${schema}.zone_revision SET change_time = greatest(change_time, clock_timestamp())
    RETURNING change_time INTO gone_time;
  UPDATE ${schema}.zone_state SET replaced_time = gone_time WHERE replaced_time IS NULL;
  INSERT INTO ${schema}.zone_state (revision, collection, id, change_time, replaced_time, deleted)
    SELECT r.value + row_number() OVER (ORDER BY z.collection, z.id), z.collection, z.id, gone_time, gone_time,
      true
    FROM ${schema}.zone z, ${schema}.zone_revision r;
  UPDATE ${schema}.zone_revision SET value = value + zones;
  UPDATE ${schema}.collection SET zones = 0, revision = (SELECT value FROM ${schema}.zone_revision) WHERE zones > 0;
  RETURN NULL;
END
$$;
