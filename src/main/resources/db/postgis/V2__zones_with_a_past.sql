-- Zones get collections, validity, circles and a past.

ALTER TABLE ${schema}.zone
  -- Each is a layer of its own.
  ADD COLUMN collection text COLLATE "C" NOT NULL DEFAULT 'thing'
    CHECK (collection ~ '^[a-z][a-z0-9_-]{0,62}$'),
  -- When it holds: from the start on, until the end; for ever on a side that is null.
  ADD COLUMN start_time timestamptz,
  ADD COLUMN end_time timestamptz,
  -- Longitude and latitude of the centre in degrees, and the radius in metres, where the outline was given as a circle.
  ADD COLUMN circle double precision[] CHECK (cardinality(circle) = 3),
  -- Set by the trigger; null on zones from before that have not changed since.
  ADD COLUMN update_time timestamptz,
  ADD CHECK (start_time < end_time),
  DROP CONSTRAINT zone_pkey,
  ADD PRIMARY KEY (collection, id);

-- What is known of each collection, so that nobody needs to count.
CREATE TABLE ${schema}.collection (
  name text COLLATE "C" PRIMARY KEY,
  -- The latest change of its zones.
  revision bigint NOT NULL,
  zones bigint NOT NULL
);

-- Every state that a zone was in, by the change that made it: whoever follows reads on from the last revision that they
-- have seen, and an earlier moment can be asked about.
CREATE TABLE ${schema}.zone_state (
  revision bigint PRIMARY KEY,
  collection text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  change_time timestamptz NOT NULL,
  -- When another state took its place; null for the present one.
  replaced_time timestamptz,
  -- Whether it is the state of being no longer there. Of such a one nothing but the columns above is set.
  deleted boolean NOT NULL,
  name text,
  priority integer,
  attributes jsonb,
  outline ${postgis}.geometry(Geometry, 4326),
  circle double precision[],
  start_time timestamptz,
  end_time timestamptz,
  create_time timestamptz
);

CREATE INDEX zone_state_zone ON ${schema}.zone_state (collection, id, revision);
CREATE INDEX zone_state_replaced ON ${schema}.zone_state (replaced_time);

-- What is answered to a creation that is asked for again.
CREATE TABLE ${schema}.zone_request (
  id text COLLATE "C" PRIMARY KEY,
  -- Stands for what was asked for.
  content text NOT NULL,
  revision bigint NOT NULL,
  request_time timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX zone_request_time ON ${schema}.zone_request (request_time);

ALTER TABLE ${schema}.zone_revision
  -- Deletions up to this revision may have been forgotten.
  ADD COLUMN forgotten bigint NOT NULL DEFAULT 0,
  -- States that were replaced up to this time may have been; null if none was.
  ADD COLUMN forgotten_time timestamptz;

-- What there is begins its past now; of what was deleted before, nothing is known.
INSERT INTO ${schema}.zone_state (revision, collection, id, change_time, deleted, name, priority, attributes, outline,
    create_time)
  SELECT revision, collection, id, create_time, false, name, priority, attributes, outline, create_time
  FROM ${schema}.zone;
INSERT INTO ${schema}.collection (name, revision, zones)
  SELECT 'thing', r.value, r.zones FROM ${schema}.zone_revision r;
UPDATE ${schema}.zone_revision SET forgotten = value, forgotten_time = clock_timestamp() WHERE value > 0;

-- Before a change: its revision and its time, both in the order of the commits.
CREATE OR REPLACE FUNCTION ${schema}.next_zone_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE ${schema}.zone_revision SET value = value + 1 RETURNING value INTO NEW.revision;
  NEW.update_time := clock_timestamp();
  IF TG_OP = 'INSERT' THEN
    NEW.create_time := NEW.update_time;
  END IF;
  RETURN NEW;
END
$$;

DROP TRIGGER next_zone_revision ON ${schema}.zone;
CREATE TRIGGER next_zone_revision BEFORE INSERT OR UPDATE ON ${schema}.zone
  FOR EACH ROW EXECUTE FUNCTION ${schema}.next_zone_revision();

-- After a change, for one that is ignored (ON CONFLICT DO NOTHING) passes the trigger above too.
CREATE FUNCTION ${schema}.keep_zone_state() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  moved boolean := TG_OP = 'UPDATE' AND (OLD.collection, OLD.id) IS DISTINCT FROM (NEW.collection, NEW.id);
  gone bigint;
  gone_time timestamptz;
BEGIN
  IF TG_OP = 'DELETE' OR moved THEN
    UPDATE ${schema}.zone_revision SET value = value + 1 RETURNING value INTO gone;
    gone_time := clock_timestamp();
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

CREATE TRIGGER keep_zone_state AFTER INSERT OR UPDATE OR DELETE ON ${schema}.zone
  FOR EACH ROW EXECUTE FUNCTION ${schema}.keep_zone_state();

CREATE FUNCTION ${schema}.keep_truncation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  gone_time timestamptz := clock_timestamp();
BEGIN
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

CREATE TRIGGER keep_truncation BEFORE TRUNCATE ON ${schema}.zone
  FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.keep_truncation();

-- Tells those that follow the zones that nothing else has changed.
CREATE FUNCTION ${schema}.notify_zone_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify(TG_TABLE_SCHEMA, 'zone');
  RETURN NULL;
END
$$;

DROP TRIGGER notify_change ON ${schema}.zone;
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON ${schema}.zone
  FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.notify_zone_change();
