import type { SQLInputValue } from "node:sqlite";

import type { ImageRecord } from "../../../domain/image-record.ts";
import { severityRank } from "../../../domain/severity.ts";
import type { ImageFilter, Page, PageRequest } from "../../../ports/image-store.ts";
import type { Database } from "../open-database.ts";
import { parseImage } from "./image-records.ts";
import { placeOfImage, startOfPage, type ImagePlace } from "./image-place.ts";
import { rowsForPage, toPage } from "./page.ts";

export function listImages(database: Database, filter: ImageFilter, page: PageRequest): Page<ImageRecord> {
  const conditions = [...conditionsOf(filter), isAfter(startOfPage(page), filter)];
  const images = database.all(
    `SELECT document FROM ${source(filter)}
     WHERE ${conditions.map(({ sql }) => sql).join(" AND ")}
     ORDER BY registry, repository, digest LIMIT ?`,
    ...conditions.flatMap(({ values }) => values),
    rowsForPage(page),
  );
  return toPage(images.map(parseImage), page, placeOfImage);
}

interface Condition {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** CROSS JOIN keeps SQLite to this order: the index of tags, and from there to each image. */
function source({ tag }: ImageFilter): string {
  return tag === undefined ? "images" : "image_tags CROSS JOIN images USING (registry, repository, digest)";
}

function conditionsOf({ registry, repository, tag, state, severity }: ImageFilter): readonly Condition[] {
  const wanted: readonly (readonly [sql: string, value: SQLInputValue | undefined])[] = [
    ["registry = ?", registry],
    ["repository = ?", repository],
    ["tag = ?", tag],
    ["state = ?", state],
    ["highest_severity >= ?", severity && severityRank(severity)],
  ];
  return wanted.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, values: [value] }]));
}

/** Leaves out the columns that the filter holds fixed: SQLite finds the place in an index only by those that follow. */
function isAfter(place: ImagePlace, filter: ImageFilter): Condition {
  if (filter.registry === undefined)
    return {
      sql: "(registry, repository, digest) > (?, ?, ?)",
      values: [place.registry, place.repository, place.digest],
    };
  if (filter.repository === undefined)
    return { sql: "(repository, digest) > (?, ?)", values: [place.repository, place.digest] };
  return { sql: "digest > ?", values: [place.digest] };
}
