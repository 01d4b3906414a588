#!/usr/bin/env python3
"""Makes the sample layer of the world's countries from the npm package world-atlas.

    npm pack world-atlas@2.0.2
    python3 -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python convert.py world-atlas-2.0.2.tgz ../../src/main/resources/geosearch/sample/countries.geojson.gz

The README beside the result says what comes from where, and what is done to it.
"""

import base64
import gzip
import hashlib
import io
import json
import re
import sys
import tarfile
import unicodedata

import shapely
from shapely.affinity import translate
from shapely.geometry import MultiPolygon, Polygon, box

# As the package's registry has it for version 2.0.2.
INTEGRITY = "IXfV0qwlKXpckz1FhwXVwKRjiIhOnWttOskm5CtxMsjgE/MXAYRHWJqgXOpM8IkcPBoXnyTU5lFHcYa5ChG0LQ=="

# Degrees. The package's own grid is some forty times as coarse.
PRECISION = 1e-4
DECIMALS = 4

WORLD = box(-180, -90, 180, 90)


def topology(package, name):
    """One of the package's files."""
    with tarfile.open(fileobj=io.BytesIO(package)) as tar:
        return json.load(tar.extractfile(f"package/{name}"))


def arcs(topo):
    """The arcs of a topology in degrees: its numbers are differences on a grid."""
    (scale_x, scale_y), (base_x, base_y) = topo["transform"]["scale"], topo["transform"]["translate"]
    decoded = []
    for arc in topo["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x += dx
            y += dy
            points.append((x * scale_x + base_x, y * scale_y + base_y))
        decoded.append(points)
    return decoded


def ring(decoded, indexes):
    """A ring of arcs; ~i is arc i from its end. Each arc begins where the one before it ended."""
    points = []
    for index in indexes:
        arc = decoded[index] if index >= 0 else decoded[~index][::-1]
        points.extend(arc if not points else arc[1:])
    return points


def unwound(points):
    """A ring without jumps from one end of the world to the other; it may leave -180 to 180."""
    turns = 0
    result = [points[0]]
    for (x, y), (before, _) in zip(points[1:], points):
        if x - before > 180:
            turns -= 1
        elif x - before < -180:
            turns += 1
        result.append((x + 360 * turns, y))
    return result


def around_pole(points):
    """A ring that goes around a pole, as a polygon that reaches down (or up) to it."""
    (first, _), (last, _) = points[0], points[-1]
    pole = -90 if points[0][1] < 0 else 90
    return points + [(last, pole), (first, pole)]


def beside(shell, hole):
    """A hole on the same side of 180 degrees as its shell."""
    west, east = min(x for x, _ in shell), max(x for x, _ in shell)
    turns = next(t for t in (0, 1, -1) if all(west <= x + 360 * t <= east for x, _ in hole))
    return [(x + 360 * turns, y) for x, y in hole]


def polygons(decoded, polygon):
    """A polygon of a topology as valid polygons between -180 and 180."""
    shell, *holes = [unwound(ring(decoded, indexes)) for indexes in polygon]
    if len(shell) < 4:
        return []
    if abs(shell[0][0] - shell[-1][0]) > 180:
        shell = around_pole(shell)
    parts = valid(Polygon(shell, [beside(shell, hole) for hole in holes if len(hole) >= 4]))
    return [
        shapely.intersection(translate(part, 360 * turns), WORLD)
        for part in parts
        for turns in (-1, 0, 1)
    ]


def valid(geometry):
    """The polygons of a geometry made valid."""
    fixed = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    return [part for part in shapely.get_parts(fixed) if part.geom_type == "Polygon"]


def outline(decoded, geometry):
    """The outline of a country: valid, in range, on the precision's grid, rings in a fixed order."""
    members = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    parts = [part for member in members for part in polygons(decoded, member)]
    whole = shapely.set_precision(shapely.union_all(parts), PRECISION)
    whole = shapely.normalize(MultiPolygon(valid(whole)))
    return whole


def slug(name):
    """A name as an id: small letters and digits without accents, joined by dashes."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub("[^a-z0-9]+", "-", plain.lower()).strip("-")


def ids(countries):
    """The ids: the ISO number for the largest country of that number, the slug of the name for others."""
    largest = {}
    for country in countries:
        number = country["iso"]
        if number and (number not in largest or largest[number]["outline"].area < country["outline"].area):
            largest[number] = country
    for country in countries:
        country["id"] = country["iso"] if largest.get(country["iso"]) is country else slug(country["name"])
    if len({country["id"] for country in countries}) != len(countries):
        sys.exit("the ids are not unique")


def coordinates(polygon):
    return [
        [[round(x, DECIMALS), round(y, DECIMALS)] for x, y in line.coords]
        for line in [polygon.exterior, *polygon.interiors]
    ]


def feature(country):
    parts = [coordinates(polygon) for polygon in country["outline"].geoms]
    properties = {"id": country["id"], "name": country["name"]}
    if country["iso"]:
        properties["iso_n3"] = country["iso"]
    geometry = (
        {"type": "Polygon", "coordinates": parts[0]}
        if len(parts) == 1
        else {"type": "MultiPolygon", "coordinates": parts}
    )
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def countries(package):
    detailed = topology(package, "countries-10m.json")
    coarse = topology(package, "countries-50m.json")
    detailed_arcs, coarse_arcs = arcs(detailed), arcs(coarse)
    by_name = {g["properties"]["name"]: g for g in coarse["objects"]["countries"]["geometries"]}
    result = []
    for geometry in detailed["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        country = {"name": name, "iso": geometry.get("id"), "outline": outline(detailed_arcs, geometry)}
        if country["outline"].is_empty:
            print(f"{name}: nothing is left of it at 1:10m, taken from 1:50m")
            country["outline"] = outline(coarse_arcs, by_name[name])
        if country["outline"].is_empty or not country["outline"].is_valid:
            sys.exit(f"{name} has no valid outline")
        result.append(country)
    ids(result)
    return sorted(result, key=lambda country: country["id"])


def main(source, target):
    with open(source, "rb") as file:
        package = file.read()
    if hashlib.sha512(package).digest() != base64.b64decode(INTEGRITY):
        sys.exit(f"{source} is not the package that this script is for")
    lines = [json.dumps(feature(c), ensure_ascii=False, separators=(",", ":")) for c in countries(package)]
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    content = text.encode()
    with open(target, "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(content)
    print(f"{len(lines)} countries, {len(content)} bytes, SHA-256 unpacked {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
