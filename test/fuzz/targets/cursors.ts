import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqliteImageStore } from "../../../shared/adapters/sqlite/image-store/sqlite-image-store.ts";
import { imageId } from "../../../shared/domain/image-record.ts";
import { InvalidCursorError } from "../../../shared/ports/image-store.ts";
import { anImage } from "../../support/samples.ts";
import { endingOfAny } from "../ending-of-any.ts";
import type { FuzzTarget } from "../fuzz-target.ts";

export const target: FuzzTarget = {
  about: "cursors of the store's lists, which come back from clients, on a real store",
  format: "json",
  // The longest that the API takes, after base64.
  mostBytes: 1500,
  open: async () => {
    const directory = await mkdtemp(join(tmpdir(), "tidewatch-fuzz-"));
    const store = sqliteImageStore(join(directory, "state.db"));
    const at = new Date("2026-11-21T08:00:00Z");
    const image = imageId(anImage());
    const lists: readonly ((page: { readonly limit: number; readonly cursor: string }) => unknown)[] = [
      (page) => store.list({}, page),
      (page) => store.listAffected("CVE-2026-1", page),
      (page) => store.listHistory(image, page),
      (page) => store.listDue({ usedSince: at, checkedUntil: at }, page),
      (page) => store.listOverdue(at, page),
      (page) => store.alertLog.list({}, page),
      (page) => store.deadLetters.list({}, page),
      (page) => store.deliveryLog.list({ subscriber: "desk" }, page),
    ];
    return {
      corpus: [
        { registry: "shop.azurecr.io", repository: "team/web", digest: anImage().digest },
        { at: at.toISOString(), id: image },
        { checkedAt: at.toISOString(), id: image },
        { until: at.toISOString(), id: image },
        { sequence: 17 },
        { lastAt: at.toISOString(), id: image },
      ].map((place) => JSON.stringify(place)),
      run: async (input) => {
        const cursor = Buffer.from(input).toString("base64url");
        const works = lists.map((list) => () => list({ limit: 10, cursor }));
        return endingOfAny(works, [InvalidCursorError], input);
      },
      close: async () => {
        await store.close();
        await rm(directory, { recursive: true, force: true });
      },
    };
  },
};
