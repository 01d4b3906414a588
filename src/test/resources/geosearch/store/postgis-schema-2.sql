SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE SCHEMA geosearch;
CREATE FUNCTION geosearch.count_zones() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE "geosearch".zone_revision SET zones = zones + (SELECT count(*) FROM changed);
  ELSIF TG_OP = 'DELETE' THEN
    UPDATE "geosearch".zone_revision SET zones = zones - (SELECT count(*) FROM changed);
  ELSE
    UPDATE "geosearch".zone_revision SET value = value + 1, zones = 0;
  END IF;
  RETURN NULL;
END
$$;
CREATE FUNCTION geosearch.delete_areas() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  DELETE FROM "geosearch".area WHERE dataset = OLD.id;
  RETURN NULL;
END
$$;
CREATE FUNCTION geosearch.keep_truncation() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
  gone_time timestamptz := clock_timestamp();
BEGIN
  UPDATE "geosearch".zone_state SET replaced_time = gone_time WHERE replaced_time IS NULL;
  INSERT INTO "geosearch".zone_state (revision, collection, id, change_time, replaced_time, deleted)
    SELECT r.value + row_number() OVER (ORDER BY z.collection, z.id), z.collection, z.id, gone_time, gone_time,
      true
    FROM "geosearch".zone z, "geosearch".zone_revision r;
  UPDATE "geosearch".zone_revision SET value = value + zones;
  UPDATE "geosearch".collection SET zones = 0, revision = (SELECT value FROM "geosearch".zone_revision) WHERE zones > 0;
  RETURN NULL;
END
$$;
CREATE FUNCTION geosearch.keep_zone_state() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
  moved boolean := TG_OP = 'UPDATE' AND (OLD.collection, OLD.id) IS DISTINCT FROM (NEW.collection, NEW.id);
  gone bigint;
  gone_time timestamptz;
BEGIN
  IF TG_OP = 'DELETE' OR moved THEN
    UPDATE "geosearch".zone_revision SET value = value + 1 RETURNING value INTO gone;
    gone_time := clock_timestamp();
    UPDATE "geosearch".zone_state SET replaced_time = gone_time WHERE revision = OLD.revision;
    INSERT INTO "geosearch".zone_state (revision, collection, id, change_time, replaced_time, deleted)
      VALUES (gone, OLD.collection, OLD.id, gone_time, gone_time, true);
    UPDATE "geosearch".collection SET revision = gone, zones = zones - 1 WHERE name = OLD.collection;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    IF TG_OP = 'UPDATE' AND NOT moved THEN
      UPDATE "geosearch".zone_state SET replaced_time = NEW.update_time WHERE revision = OLD.revision;
    END IF;
    INSERT INTO "geosearch".zone_state (revision, collection, id, change_time, deleted, name, priority, attributes, outline,
        circle, start_time, end_time, create_time)
      VALUES (NEW.revision, NEW.collection, NEW.id, NEW.update_time, false, NEW.name, NEW.priority, NEW.attributes,
        NEW.outline, NEW.circle, NEW.start_time, NEW.end_time, NEW.create_time);
    INSERT INTO "geosearch".collection AS c (name, revision, zones) VALUES (NEW.collection, NEW.revision, 1)
      ON CONFLICT (name) DO UPDATE SET revision = greatest(c.revision, NEW.revision),
        zones = c.zones + CASE WHEN TG_OP = 'INSERT' OR moved THEN 1 ELSE 0 END;
  END IF;
  RETURN NULL;
END
$$;
CREATE FUNCTION geosearch.next_zone_revision() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  UPDATE "geosearch".zone_revision SET value = value + 1 RETURNING value INTO NEW.revision;
  NEW.update_time := clock_timestamp();
  IF TG_OP = 'INSERT' THEN
    NEW.create_time := NEW.update_time;
  END IF;
  RETURN NEW;
END
$$;
CREATE FUNCTION geosearch.notify_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  PERFORM pg_notify(TG_TABLE_SCHEMA, '');
  RETURN NULL;
END
$$;
CREATE FUNCTION geosearch.notify_zone_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  PERFORM pg_notify(TG_TABLE_SCHEMA, 'zone');
  RETURN NULL;
END
$$;
CREATE FUNCTION geosearch.wgs84(outline public.geometry) RETURNS public.geometry
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
  RETURN public.ST_Transform(outline, 4326);
EXCEPTION
  WHEN OTHERS THEN RETURN NULL;
END
$$;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE geosearch.area (
    dataset bigint NOT NULL,
    feature bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    priority integer NOT NULL,
    attributes jsonb NOT NULL,
    outline public.geometry(Geometry,4326) NOT NULL
);
ALTER TABLE ONLY geosearch.area ALTER COLUMN outline SET STORAGE EXTERNAL;
CREATE TABLE geosearch.collection (
    name text NOT NULL COLLATE pg_catalog."C",
    revision bigint NOT NULL,
    zones bigint NOT NULL
);
CREATE TABLE geosearch.dataset (
    id bigint NOT NULL,
    layer text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    source text DEFAULT ''::text NOT NULL,
    import_time timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    areas bigint DEFAULT 0 NOT NULL,
    vertices bigint DEFAULT 0 NOT NULL,
    repaired bigint DEFAULT 0 NOT NULL,
    skipped bigint DEFAULT 0 NOT NULL,
    checksum text DEFAULT ''::text NOT NULL,
    attribution text DEFAULT ''::text NOT NULL,
    accuracy_metres double precision DEFAULT 0 NOT NULL,
    keep boolean DEFAULT false NOT NULL
);
CREATE TABLE geosearch.layer (
    name text NOT NULL COLLATE pg_catalog."C",
    last_version bigint DEFAULT 0 NOT NULL,
    active_version bigint,
    accepted_fingerprint text
);
CREATE VIEW geosearch.current_area AS
 SELECT l.name AS layer,
    a.id,
    a.name,
    a.priority,
    a.attributes,
    a.outline
   FROM ((geosearch.layer l
     JOIN geosearch.dataset d ON (((d.layer = l.name) AND (d.version = l.active_version))))
     JOIN geosearch.area a ON ((a.dataset = d.id)));
ALTER TABLE geosearch.dataset ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME geosearch.dataset_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE geosearch.migration (
    installed_rank integer NOT NULL,
    version character varying(50),
    description character varying(200) NOT NULL,
    type character varying(20) NOT NULL,
    script character varying(1000) NOT NULL,
    checksum integer,
    installed_by character varying(100) NOT NULL,
    installed_on timestamp without time zone DEFAULT now() NOT NULL,
    execution_time integer NOT NULL,
    success boolean NOT NULL
);
CREATE TABLE geosearch.zone (
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    attributes jsonb DEFAULT '{}'::jsonb NOT NULL,
    outline public.geometry(Geometry,4326) NOT NULL,
    create_time timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    revision bigint DEFAULT 0 NOT NULL,
    collection text DEFAULT 'thing'::text NOT NULL COLLATE pg_catalog."C",
    start_time timestamp with time zone,
    end_time timestamp with time zone,
    circle double precision[],
    update_time timestamp with time zone,
    CONSTRAINT zone_attributes_check CHECK (((jsonb_typeof(attributes) = 'object'::text) AND (NOT jsonb_path_exists(attributes, '$.*?(@.type() != "string")'::jsonpath)))),
    CONSTRAINT zone_check CHECK ((start_time < end_time)),
    CONSTRAINT zone_circle_check CHECK ((cardinality(circle) = 3)),
    CONSTRAINT zone_collection_check CHECK ((collection ~ '^[a-z][a-z0-9_-]{0,62}$'::text)),
    CONSTRAINT zone_id_check CHECK ((id <> ''::text))
);
CREATE TABLE geosearch.zone_request (
    id text NOT NULL COLLATE pg_catalog."C",
    content text NOT NULL,
    revision bigint NOT NULL,
    request_time timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
CREATE TABLE geosearch.zone_revision (
    one boolean DEFAULT true NOT NULL,
    value bigint NOT NULL,
    zones bigint NOT NULL,
    forgotten bigint DEFAULT 0 NOT NULL,
    forgotten_time timestamp with time zone,
    CONSTRAINT zone_revision_one_check CHECK (one)
);
CREATE TABLE geosearch.zone_state (
    revision bigint NOT NULL,
    collection text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    change_time timestamp with time zone NOT NULL,
    replaced_time timestamp with time zone,
    deleted boolean NOT NULL,
    name text,
    priority integer,
    attributes jsonb,
    outline public.geometry(Geometry,4326),
    circle double precision[],
    start_time timestamp with time zone,
    end_time timestamp with time zone,
    create_time timestamp with time zone
);
INSERT INTO geosearch.area VALUES (1, 1, 'x', 'name of x', 0, '{"of": "x"}', '0103000020E6100000010000000500000000000000000000400000000000000000000000000000084000000000000000000000000000000840000000000000F03F0000000000000040000000000000F03F00000000000000400000000000000000');
INSERT INTO geosearch.area VALUES (1, 2, 'y', 'name of y', 0, '{"of": "y"}', '0103000020E6100000010000000500000000000000000008400000000000000000000000000000104000000000000000000000000000001040000000000000F03F0000000000000840000000000000F03F00000000000008400000000000000000');
INSERT INTO geosearch.area VALUES (2, 1, 'x', 'name of x', 0, '{"of": "x"}', '0103000020E6100000010000000500000000000000000000400000000000000000000000000000084000000000000000000000000000000840000000000000F03F0000000000000040000000000000F03F00000000000000400000000000000000');
INSERT INTO geosearch.area VALUES (2, 2, 'y', 'name of y', 0, '{"of": "y"}', '0103000020E6100000010000000500000000000000000008400000000000000000000000000000104000000000000000000000000000001040000000000000F03F0000000000000840000000000000F03F00000000000008400000000000000000');
INSERT INTO geosearch.area VALUES (2, 3, 'z', 'name of z', 0, '{"of": "z"}', '0103000020E6100000010000000500000000000000000010400000000000000000000000000000144000000000000000000000000000001440000000000000F03F0000000000001040000000000000F03F00000000000010400000000000000000');
INSERT INTO geosearch.collection VALUES ('depot', 3, 1);
INSERT INTO geosearch.collection VALUES ('thing', 5, 1);
INSERT INTO geosearch.dataset OVERRIDING SYSTEM VALUE VALUES (1, 'commune', 1, 'test.geojson', '2026-12-01 02:49:54.386575+00', 2, 10, 0, 0, '00ff', '', 0, false);
INSERT INTO geosearch.dataset OVERRIDING SYSTEM VALUE VALUES (2, 'commune', 2, 'test.geojson', '2026-12-01 02:49:54.436661+00', 3, 15, 0, 0, '00ff', '', 0, true);
INSERT INTO geosearch.layer VALUES ('commune', 2, 1, NULL);
INSERT INTO geosearch.migration VALUES (0, NULL, '<< Flyway Schema Creation >>', 'SCHEMA', '"geosearch"', NULL, 'docker', '2026-12-01 02:49:53.696294', 0, true);
INSERT INTO geosearch.migration VALUES (1, '1', 'layers and zones', 'SQL', 'V1__layers_and_zones.sql', 433663761, 'docker', '2026-12-01 02:49:53.752148', 79, true);
INSERT INTO geosearch.migration VALUES (2, '2', 'zones with a past', 'SQL', 'V2__zones_with_a_past.sql', -489879738, 'docker', '2026-12-01 02:49:53.898608', 47, true);
INSERT INTO geosearch.zone VALUES ('c', 'name of c', 0, '{"of": "c"}', '0103000020E610000001000000050000000000000000001040000000000000104000000000000014400000000000001040000000000000144000000000000014400000000000001040000000000000144000000000000010400000000000001040', '2026-12-01 02:49:54.291294+00', 3, 'depot', NULL, NULL, NULL, '2026-12-01 02:49:54.291294+00');
INSERT INTO geosearch.zone VALUES ('a', 'name of a', 0, '{"of": "a"}', '0103000020E61000000100000005000000000000000000F03F000000000000F03F0000000000000040000000000000F03F00000000000000400000000000000040000000000000F03F0000000000000040000000000000F03F000000000000F03F', '2026-12-01 02:49:54.222529+00', 4, 'thing', NULL, NULL, NULL, '2026-12-01 02:49:54.31258+00');
INSERT INTO geosearch.zone_request VALUES ('r1', 'c', 3, '2026-12-01 02:49:54.295646+00');
INSERT INTO geosearch.zone_revision VALUES (true, 5, 2, 0, NULL);
INSERT INTO geosearch.zone_state VALUES (3, 'depot', 'c', '2026-12-01 02:49:54.291294+00', NULL, false, 'name of c', 0, '{"of": "c"}', '0103000020E610000001000000050000000000000000001040000000000000104000000000000014400000000000001040000000000000144000000000000014400000000000001040000000000000144000000000000010400000000000001040', NULL, NULL, NULL, '2026-12-01 02:49:54.291294+00');
INSERT INTO geosearch.zone_state VALUES (1, 'thing', 'a', '2026-12-01 02:49:54.222529+00', '2026-12-01 02:49:54.31258+00', false, 'name of a', 0, '{"of": "a"}', '0103000020E6100000010000000500000000000000000000000000000000000000000000000000F03F0000000000000000000000000000F03F000000000000F03F0000000000000000000000000000F03F00000000000000000000000000000000', NULL, NULL, NULL, '2026-12-01 02:49:54.222529+00');
INSERT INTO geosearch.zone_state VALUES (4, 'thing', 'a', '2026-12-01 02:49:54.31258+00', NULL, false, 'name of a', 0, '{"of": "a"}', '0103000020E61000000100000005000000000000000000F03F000000000000F03F0000000000000040000000000000F03F00000000000000400000000000000040000000000000F03F0000000000000040000000000000F03F000000000000F03F', NULL, NULL, NULL, '2026-12-01 02:49:54.222529+00');
INSERT INTO geosearch.zone_state VALUES (2, 'thing', 'b', '2026-12-01 02:49:54.242143+00', '2026-12-01 02:49:54.325684+00', false, 'name of b', 0, '{"of": "b"}', '0103000020E610000001000000050000000000000000000040000000000000004000000000000008400000000000000040000000000000084000000000000008400000000000000040000000000000084000000000000000400000000000000040', NULL, NULL, NULL, '2026-12-01 02:49:54.242143+00');
INSERT INTO geosearch.zone_state VALUES (5, 'thing', 'b', '2026-12-01 02:49:54.325684+00', '2026-12-01 02:49:54.325684+00', true, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
SELECT pg_catalog.setval('geosearch.dataset_id_seq', 2, true);
ALTER TABLE ONLY geosearch.collection
    ADD CONSTRAINT collection_pkey PRIMARY KEY (name);
ALTER TABLE ONLY geosearch.dataset
    ADD CONSTRAINT dataset_layer_version_key UNIQUE (layer, version);
ALTER TABLE ONLY geosearch.dataset
    ADD CONSTRAINT dataset_pkey PRIMARY KEY (id);
ALTER TABLE ONLY geosearch.layer
    ADD CONSTRAINT layer_pkey PRIMARY KEY (name);
ALTER TABLE ONLY geosearch.migration
    ADD CONSTRAINT migration_pk PRIMARY KEY (installed_rank);
ALTER TABLE ONLY geosearch.zone
    ADD CONSTRAINT zone_pkey PRIMARY KEY (collection, id);
ALTER TABLE ONLY geosearch.zone_request
    ADD CONSTRAINT zone_request_pkey PRIMARY KEY (id);
ALTER TABLE ONLY geosearch.zone_revision
    ADD CONSTRAINT zone_revision_pkey PRIMARY KEY (one);
ALTER TABLE ONLY geosearch.zone_state
    ADD CONSTRAINT zone_state_pkey PRIMARY KEY (revision);
CREATE INDEX area_id ON geosearch.area USING btree (dataset, id);
CREATE INDEX area_outline ON geosearch.area USING gist (outline);
CREATE INDEX migration_s_idx ON geosearch.migration USING btree (success);
CREATE INDEX zone_outline ON geosearch.zone USING gist (outline);
CREATE INDEX zone_request_time ON geosearch.zone_request USING btree (request_time);
CREATE INDEX zone_state_replaced ON geosearch.zone_state USING btree (replaced_time);
CREATE INDEX zone_state_zone ON geosearch.zone_state USING btree (collection, id, revision);
CREATE TRIGGER count_deleted AFTER DELETE ON geosearch.zone REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION geosearch.count_zones();
CREATE TRIGGER count_inserted AFTER INSERT ON geosearch.zone REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION geosearch.count_zones();
CREATE TRIGGER count_none AFTER TRUNCATE ON geosearch.zone FOR EACH STATEMENT EXECUTE FUNCTION geosearch.count_zones();
CREATE TRIGGER delete_areas AFTER DELETE ON geosearch.dataset FOR EACH ROW EXECUTE FUNCTION geosearch.delete_areas();
CREATE TRIGGER keep_truncation BEFORE TRUNCATE ON geosearch.zone FOR EACH STATEMENT EXECUTE FUNCTION geosearch.keep_truncation();
CREATE TRIGGER keep_zone_state AFTER INSERT OR DELETE OR UPDATE ON geosearch.zone FOR EACH ROW EXECUTE FUNCTION geosearch.keep_zone_state();
CREATE TRIGGER next_zone_revision BEFORE INSERT OR UPDATE ON geosearch.zone FOR EACH ROW EXECUTE FUNCTION geosearch.next_zone_revision();
CREATE TRIGGER notify_change AFTER DELETE OR UPDATE ON geosearch.dataset FOR EACH STATEMENT EXECUTE FUNCTION geosearch.notify_change();
CREATE TRIGGER notify_change AFTER INSERT OR DELETE OR UPDATE ON geosearch.layer FOR EACH STATEMENT EXECUTE FUNCTION geosearch.notify_change();
CREATE TRIGGER notify_change AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON geosearch.zone FOR EACH STATEMENT EXECUTE FUNCTION geosearch.notify_zone_change();
ALTER TABLE ONLY geosearch.layer
    ADD CONSTRAINT layer_name_active_version_fkey FOREIGN KEY (name, active_version) REFERENCES geosearch.dataset(layer, version);
