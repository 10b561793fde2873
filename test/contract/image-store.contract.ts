import { afterEach, beforeEach } from "vitest";

import type { ImageStore } from "../../shared/ports/image-store.ts";
import { findingsContract } from "./image-store/findings.ts";
import { historyContract } from "./image-store/history.ts";
import { limitsContract } from "./image-store/limits.ts";
import { listAffectedContract } from "./image-store/list-affected.ts";
import { listOverdueContract } from "./image-store/list-overdue.ts";
import { listDueContract } from "./image-store/list-due.ts";
import { listContract } from "./image-store/list.ts";
import { outboxContract } from "./image-store/outbox.ts";
import { recordsContract } from "./image-store/records.ts";

export interface ImageStoreFixture {
  readonly store: ImageStore;
  readonly close: () => Promise<void>;
}

/** What every image store promises. `openStore` gives an empty one, for each test anew. */
export function imageStoreContract(openStore: () => Promise<ImageStoreFixture>): void {
  let fixture: ImageStoreFixture;

  beforeEach(async () => {
    fixture = await openStore();
  });

  afterEach(async () => fixture.close());

  // Calls that look up the fixture, so that each test has its own.
  const store: ImageStore = {
    read: async (...given) => fixture.store.read(...given),
    write: async (...given) => fixture.store.write(...given),
    saveFindings: async (...given) => fixture.store.saveFindings(...given),
    readFindings: async (...given) => fixture.store.readFindings(...given),
    removeFindings: async (...given) => fixture.store.removeFindings(...given),
    saveTransitions: async (...given) => fixture.store.saveTransitions(...given),
    readTransitions: async (...given) => fixture.store.readTransitions(...given),
    listHistory: async (...given) => fixture.store.listHistory(...given),
    removeStrays: async (...given) => fixture.store.removeStrays(...given),
    list: async (...given) => fixture.store.list(...given),
    listAffected: async (...given) => fixture.store.listAffected(...given),
    listDue: async (...given) => fixture.store.listDue(...given),
    listOverdue: async (...given) => fixture.store.listOverdue(...given),
    pendingOutbox: async (...given) => fixture.store.pendingOutbox(...given),
    heldOutbox: async (...given) => fixture.store.heldOutbox(...given),
    removeOutbox: async (...given) => fixture.store.removeOutbox(...given),
  };

  recordsContract(store);
  outboxContract(store);
  limitsContract(store);
  findingsContract(store);
  historyContract(store);
  listContract(store);
  listOverdueContract(store);
  listAffectedContract(store);
  listDueContract(store);
}
