import { imageId, type ImageRecord } from "../../../../shared/domain/image-record.ts";
import { countSeverities } from "../../../../shared/domain/severity.ts";
import { sqliteImageStore } from "../../../../shared/adapters/sqlite/image-store/sqlite-image-store.ts";
import {
  aHistoryEntry,
  anImage,
  anImageRecord,
  anSbomEntry,
  aScanSummary,
  manyFindings,
  tracked,
} from "../../../support/samples.ts";

/** A program: scans three images again and again, as the pipeline does, until it is killed. Argument: the store's file. */
const store = sqliteImageStore(process.argv[2] ?? "");
await Promise.all(["api", "job", "web"].map(rescanForever));

async function rescanForever(repository: string): Promise<never> {
  const image = anImage({ repository });
  let known = await store.read(imageId(image));
  for (let scan = lastScan(known?.value) + 1; ; scan += 1) {
    // Up to three chunks.
    const findings = tracked(manyFindings((scan % 4) * 800));
    const counts = countSeverities(findings.map(({ severity }) => severity));
    const record = anImageRecord({ image, scan: aScanSummary({ id: `scan-${scan}`, counts }) });

    await store.saveFindings(record.id, `scan-${scan}`, findings);
    const history = aHistoryEntry({ id: `entry-${scan}`, image: record.id, at: new Date(scan) });
    const entry = anSbomEntry({ image, id: `entry-${scan}` });
    const written = await store.write(record, known?.etag ?? "new", { outbox: [entry], history });
    if (written.kind === "conflict") throw new Error("Nobody else writes here.");
    if (known?.value.scan) await store.removeFindings(record.id, known.value.scan.id);
    known = { value: record, etag: written.etag };
    process.stdout.write("committed\n");
  }
}

function lastScan(record: ImageRecord | undefined): number {
  return Number(record?.scan?.id.replace("scan-", "") ?? 0);
}
