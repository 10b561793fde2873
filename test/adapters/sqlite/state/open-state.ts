import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

import { sqliteImageStore } from "../../../../shared/adapters/sqlite/image-store/sqlite-image-store.ts";

/** An empty state.db for one test. */
export async function openState() {
  const directory = await mkdtemp(join(tmpdir(), "tidewatch-state-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const state = sqliteImageStore(join(directory, "state.db"));
  onTestFinished(state.close);
  return state;
}
