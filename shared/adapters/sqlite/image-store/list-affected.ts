import { parseStoredFindings, vulnerabilityName } from "../../../messages/stored-findings.ts";
import type { AffectedImage, Page, PageRequest } from "../../../ports/image-store.ts";
import type { Database } from "../open-database.ts";
import { parseImage } from "./image-records.ts";
import { placeOfImage, startOfPage } from "./image-place.ts";
import { rowsForPage, toPage } from "./page.ts";
import { textOf } from "./text-of.ts";

export function listAffected(database: Database, vulnerabilityId: string, page: PageRequest): Page<AffectedImage> {
  const name = vulnerabilityName(vulnerabilityId);
  const { registry, repository, digest } = startOfPage(page);
  const images = database.all(affectedImages, name, registry, repository, digest, rowsForPage(page));
  const affected = images.map((row) => ({
    image: parseImage(row),
    findings: database
      .all(findingsOfScan, name, Number(row["scan_number"]))
      .flatMap((chunk) => parseStoredFindings(JSON.parse(textOf(chunk, "document")))),
  }));
  return toPage(affected, page, ({ image }) => placeOfImage(image));
}

/** Only by the set that the record points at: others are half written or about to be removed. */
const affectedImages = `
  SELECT images.document, scans.number AS scan_number
  FROM (SELECT DISTINCT scan FROM affected WHERE vulnerability = (SELECT number FROM vulnerabilities WHERE name = ?)) AS hits
  JOIN scans ON scans.number = hits.scan
  JOIN images ON images.id = scans.image AND images.findings = scans.id
  WHERE (images.registry, images.repository, images.digest) > (?, ?, ?) AND images.state NOT IN ('gone', 'unscannable')
  ORDER BY images.registry, images.repository, images.digest LIMIT ?`;

/** Chunks that hold nothing but the findings asked for, cut out by SQLite: reading whole chunks takes ten times as long. */
const findingsOfScan = `
  SELECT json_object(
    'schema', document -> '$.schema',
    'findings', json_group_array(document -> ('$.findings[' || position || ']') ORDER BY position)
  ) AS document
  FROM affected JOIN finding_chunks USING (scan, ordinal)
  WHERE vulnerability = (SELECT number FROM vulnerabilities WHERE name = ?) AND scan = ?
  GROUP BY ordinal ORDER BY ordinal`;
