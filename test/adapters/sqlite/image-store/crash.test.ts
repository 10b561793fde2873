import { execa } from "execa";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";

import { sqliteImageStore } from "../../../../shared/adapters/sqlite/image-store/sqlite-image-store.ts";
import type { ImageRecord } from "../../../../shared/domain/image-record.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "tidewatch-crash-"));
});

afterEach(async () => rm(directory, { recursive: true }));

it("has whole scans and their outbox entries, no more and no fewer, after each of several kills", async () => {
  const file = join(directory, "state.db");

  for (const delayMs of [0, 35, 90, 150]) {
    await writeAndKill(file, delayMs);

    const store = sqliteImageStore(file);
    const { items } = await store.list({}, { limit: 10 });
    for (const record of items) {
      const findings = await store.readFindings(record.id, record.scan?.id ?? "");
      const entries = await store.pendingOutbox(10_000, record.id);
      const history = await store.listHistory(record.id, { limit: 500 });
      expect(findings).toHaveLength(record.scan?.counts.high ?? -1);
      expect(new Set(entries.map(({ id }) => id))).toEqual(new Set(entriesUntil(record)));
      expect(history.items.map(({ id }) => id)).toEqual(entriesUntil(record).slice(0, 500));
    }
    const images = items.map(({ id }) => id);
    const strays = (await store.pendingOutbox(10_000)).filter(({ image }) => !images.includes(image));
    await store.close();

    expect(items.length).toBeGreaterThan(0);
    expect(strays).toEqual([]);
  }
});

async function writeAndKill(file: string, delayMs: number): Promise<void> {
  const program = join(import.meta.dirname, "write-until-killed.ts");
  const writer = execa(process.execPath, [program, file], { reject: false, timeout: 20_000, buffer: false });
  await Promise.race([once(writer.stdout, "data"), writer]);
  await setTimeout(delayMs);
  writer.kill("SIGKILL");
  const { signal } = await writer;
  expect(signal).toBe("SIGKILL");
}

function entriesUntil(record: ImageRecord): readonly string[] {
  return Array.from({ length: numberOf(record) }, (_, index) => `entry-${index + 1}`);
}

function numberOf({ scan }: ImageRecord): number {
  return Number(scan?.id.replace("scan-", ""));
}
