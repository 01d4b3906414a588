-- What geosearch keeps in PostGIS. ${schema} is our schema, ${postgis} the one that the extension is in, both quoted.
-- Tables may be read by anybody who is granted it; the views at the end are made for that.

-- A layer, and which of its versions is served.
CREATE TABLE ${schema}.layer (
  name text COLLATE "C" PRIMARY KEY,
  -- Counts up and never back, so that no number is used again.
  last_version bigint NOT NULL DEFAULT 0,
  active_version bigint,
  -- The state of a user's own table that may be served although it has shrunk.
  accepted_fingerprint text
);

-- An imported version of a layer.
CREATE TABLE ${schema}.dataset (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  layer text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  source text NOT NULL DEFAULT '',
  import_time timestamptz NOT NULL DEFAULT clock_timestamp(),
  areas bigint NOT NULL DEFAULT 0,
  vertices bigint NOT NULL DEFAULT 0,
  repaired bigint NOT NULL DEFAULT 0,
  skipped bigint NOT NULL DEFAULT 0,
  checksum text NOT NULL DEFAULT '',
  attribution text NOT NULL DEFAULT '',
  accuracy_metres double precision NOT NULL DEFAULT 0,
  keep boolean NOT NULL DEFAULT false,
  UNIQUE (layer, version)
);

ALTER TABLE ${schema}.layer
  ADD FOREIGN KEY (name, active_version) REFERENCES ${schema}.dataset (layer, version);

-- The areas of all versions. A foreign key to dataset would be looked up for each row of an import; the trigger below
-- deletes with it, and nothing but an import inserts.
CREATE TABLE ${schema}.area (
  dataset bigint NOT NULL,
  -- Its place in the file, from 1.
  feature bigint NOT NULL,
  id text COLLATE "C" NOT NULL,
  name text NOT NULL,
  priority integer NOT NULL,
  attributes jsonb NOT NULL,
  outline ${postgis}.geometry(Geometry, 4326) NOT NULL
);

-- Coordinates hardly compress, and trying costs more time than all the rest of an import.
ALTER TABLE ${schema}.area ALTER COLUMN outline SET STORAGE EXTERNAL;

CREATE INDEX area_id ON ${schema}.area (dataset, id);
CREATE INDEX area_outline ON ${schema}.area USING gist (outline);

CREATE FUNCTION ${schema}.delete_areas() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM ${schema}.area WHERE dataset = OLD.id;
  RETURN NULL;
END
$$;

CREATE TRIGGER delete_areas AFTER DELETE ON ${schema}.dataset
  FOR EACH ROW EXECUTE FUNCTION ${schema}.delete_areas();

-- The zones that users keep.
CREATE TABLE ${schema}.zone (
  id text COLLATE "C" PRIMARY KEY CHECK (id <> ''),
  name text NOT NULL,
  priority integer NOT NULL DEFAULT 0,
  -- An object of texts.
  attributes jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(attributes) = 'object'
    AND NOT jsonb_path_exists(attributes, '$.* ? (@.type() != "string")')),
  outline ${postgis}.geometry(Geometry, 4326) NOT NULL,
  create_time timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Set by the trigger below.
  revision bigint NOT NULL DEFAULT 0
);

CREATE INDEX zone_outline ON ${schema}.zone USING gist (outline);

-- One row. Each change to a zone takes the next revision under this row's lock and keeps the lock until its commit: so
-- revisions become visible in their order, and whoever has seen one has seen all before it. A sequence can't do that.
CREATE TABLE ${schema}.zone_revision (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  value bigint NOT NULL,
  zones bigint NOT NULL
);

INSERT INTO ${schema}.zone_revision (value, zones) VALUES (0, 0);

-- Triggers rather than the server's code, so that zones may be edited by SQL too.
CREATE FUNCTION ${schema}.next_zone_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    UPDATE ${schema}.zone_revision SET value = value + 1;
    RETURN OLD;
  END IF;
  UPDATE ${schema}.zone_revision SET value = value + 1 RETURNING value INTO NEW.revision;
  RETURN NEW;
END
$$;

CREATE TRIGGER next_zone_revision BEFORE INSERT OR UPDATE OR DELETE ON ${schema}.zone
  FOR EACH ROW EXECUTE FUNCTION ${schema}.next_zone_revision();

-- Counted after the statement, because one that is ignored (ON CONFLICT DO NOTHING) passes the trigger above too.
CREATE FUNCTION ${schema}.count_zones() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE ${schema}.zone_revision SET zones = zones + (SELECT count(*) FROM changed);
  ELSIF TG_OP = 'DELETE' THEN
    UPDATE ${schema}.zone_revision SET zones = zones - (SELECT count(*) FROM changed);
  ELSE
    UPDATE ${schema}.zone_revision SET value = value + 1, zones = 0;
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER count_inserted AFTER INSERT ON ${schema}.zone REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.count_zones();
CREATE TRIGGER count_deleted AFTER DELETE ON ${schema}.zone REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.count_zones();
CREATE TRIGGER count_none AFTER TRUNCATE ON ${schema}.zone
  FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.count_zones();

-- Tells the servers that listen, at the commit, on the channel of the schema's name.
CREATE FUNCTION ${schema}.notify_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify(TG_TABLE_SCHEMA, '');
  RETURN NULL;
END
$$;

CREATE TRIGGER notify_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON ${schema}.zone
  FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.notify_change();
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE OR DELETE ON ${schema}.layer
  FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.notify_change();
CREATE TRIGGER notify_change AFTER UPDATE OR DELETE ON ${schema}.dataset
  FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.notify_change();

-- An outline of a user's table in WGS 84; nothing where it can't be transformed, so that one bad row costs itself only.
CREATE FUNCTION ${schema}.wgs84(outline ${postgis}.geometry) RETURNS ${postgis}.geometry LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN ${postgis}.ST_Transform(outline, 4326);
EXCEPTION
  WHEN OTHERS THEN RETURN NULL;
END
$$;

-- For people: the areas that are served.
CREATE VIEW ${schema}.current_area AS
  SELECT l.name AS layer, a.id, a.name, a.priority, a.attributes, a.outline
  FROM ${schema}.layer l
  JOIN ${schema}.dataset d ON d.layer = l.name AND d.version = l.active_version
  JOIN ${schema}.area a ON a.dataset = d.id;
