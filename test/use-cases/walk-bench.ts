import { sqliteImageStore } from "../../shared/adapters/sqlite/image-store/sqlite-image-store.ts";
import type { Alert } from "../../shared/domain/alert.ts";
import type { CoverageReport } from "../../shared/domain/coverage.ts";
import { imageId, type ImageRecord } from "../../shared/domain/image-record.ts";
import { parseRegistryHost, type ImageReference } from "../../shared/domain/image-reference.ts";
import type { ScanRequest } from "../../shared/domain/scan-request.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import {
  reconcileRegistry,
  type ReconciledRegistry,
  type ReconcileRegistryPorts,
} from "../../shared/use-cases/reconcile-registry.ts";

/** A walk on the real store, with time, requests and alerts in sight of the test. */
export interface WalkBench extends Disposable {
  readonly clock: WaitlessClock;
  readonly ports: ReconcileRegistryPorts;
  readonly requested: { readonly request: ScanRequest; readonly notBefore?: Date | undefined }[];
  readonly alerts: Alert[];
  /** One run of the timer. */
  readonly run: (changes?: Partial<ReconcileRegistryPorts>) => Promise<ReconciledRegistry>;
  /** Runs of the timer, a minute apart, until a walk has ended. */
  readonly walk: () => Promise<CoverageReport>;
  readonly read: (image: ImageReference) => Promise<ImageRecord | undefined>;
  readonly save: (record: ImageRecord) => Promise<void>;
}

/** Whoever sleeps wakes at once, and finds that the time has passed. */
export interface WaitlessClock extends Clock {
  readonly pass: (milliseconds: number) => void;
}

export function waitlessClock(start = new Date("2026-01-01T00:00:00Z")): WaitlessClock {
  let now = start.getTime();
  const pass = (milliseconds: number) => void (now += milliseconds);
  return { now: () => new Date(now), sleep: async (milliseconds) => pass(milliseconds), pass };
}

export const walkedRegistry = parseRegistryHost("walked.example");

type Walked = Pick<ReconcileRegistryPorts, "catalog" | "registry"> & { readonly host?: ImageReference["registry"] };

export function openWalkBench(
  { catalog, registry, host = walkedRegistry }: Walked,
  changes: Partial<ReconcileRegistryPorts> = {},
): WalkBench {
  const store = sqliteImageStore(":memory:");
  const clock = waitlessClock();
  const requested: { request: ScanRequest; notBefore?: Date | undefined }[] = [];
  const alerts: Alert[] = [];
  const ports: ReconcileRegistryPorts = {
    images: store,
    checkpoints: store.checkpoints,
    catalog,
    registry,
    clock,
    watchList: () => "watched",
    scanRequests: {
      send: async (requests, notBefore) => void requested.push(...requests.map((request) => ({ request, notBefore }))),
    },
    alerts: {
      publish: async (published) => {
        alerts.push(...published);
        return [];
      },
    },
    reconciliation: { everyHours: 24, requestsPerSecond: Infinity },
    ...changes,
  };
  const run = (now: Partial<ReconcileRegistryPorts> = {}) => reconcileRegistry({ ...ports, ...now })(host);
  return {
    clock,
    ports,
    requested,
    alerts,
    run,
    walk: async () => {
      for (let runs = 0; runs < 10_000; runs += 1) {
        const ended = await run();
        if (ended.kind === "finished") return ended.report;
        clock.pass(60_000);
      }
      throw new Error("The walk does not end.");
    },
    read: async (image) => (await store.read(imageId(image)))?.value,
    save: async (record) => {
      const known = await store.read(record.id);
      await store.write(record, known?.etag ?? "new");
    },
    [Symbol.dispose]: () => void store.close(),
  };
}
