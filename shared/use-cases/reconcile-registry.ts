import { assertAddsUp, coverageGap, type CoverageReport } from "../domain/coverage.ts";
import { dayMs, hourMs } from "../domain/days.ts";
import { RetryLaterError } from "../domain/failure.ts";
import type { RegistryHost } from "../domain/image-reference.ts";
import { beginWalk, nothingCovered, type RegistryWalk, type ReportPlace } from "../domain/registry-walk.ts";
import type { AlertTopic } from "../ports/alert-topic.ts";
import type { Checkpoints } from "../ports/checkpoints.ts";
import type { Etag } from "../ports/image-store.ts";
import { reached } from "../ports/step.ts";
import { discoverManifests, type DiscoverManifestsPorts } from "./discover-manifests.ts";
import { pace } from "./pace.ts";
import { verifyManifests, type VerifyManifestsPorts } from "./verify-manifests.ts";
import { walkDocuments } from "./walk-documents.ts";

export interface ReconcileRegistryPorts
  extends
    Omit<DiscoverManifestsPorts, "turn" | "registry">,
    Omit<VerifyManifestsPorts, "turn" | "images" | "registry"> {
  readonly registry: DiscoverManifestsPorts["registry"] & VerifyManifestsPorts["registry"];
  readonly alerts: AlertTopic;
  readonly checkpoints: Checkpoints;
  readonly reconciliation: ReconciliationPolicy;
}

export interface ReconciliationPolicy {
  /** From the beginning of one walk to that of the next; 0 = only when somebody asks. */
  readonly everyHours: number;
  /** To one registry. */
  readonly requestsPerSecond: number;
}

export type ReconciledRegistry =
  | { readonly kind: "notDue" }
  | { readonly kind: "finished"; readonly report: CoverageReport }
  /** The time was up; the next call goes on. */
  | { readonly kind: "unfinished" }
  | { readonly kind: "waits"; readonly until: Date; readonly why: string }
  /** Another host walks, too, and was faster. */
  | { readonly kind: "overtaken" };

/**
 * Begins a walk when one is due, or goes on with the one that is not finished, for a few minutes at most. The place is kept
 * after every step: a process that ends loses one step, which is made again.
 */
export const reconcileRegistry = (ports: ReconcileRegistryPorts) => {
  const { clock, checkpoints, alerts, reconciliation } = ports;
  const { readWalk, writeWalk, writeReport } = walkDocuments(checkpoints);

  return async (registry: RegistryHost, signal?: AbortSignal): Promise<ReconciledRegistry> => {
    const until = clock.now().getTime() + longestRunMs;
    const turn = pace(clock, reconciliation.requestsPerSecond);
    const discover = discoverManifests({ ...ports, turn });
    const verify = verifyManifests({ ...ports, turn });

    const stored = await readWalk(registry);
    let etag: Etag | "new" = stored?.etag ?? "new";
    let walk = stored?.value;
    if (walk === undefined || walk.place.kind === "finished") {
      if (!isDue(walk)) return { kind: "notDue" };
      walk = beginWalk(registry, clock.now());
      const written = await writeWalk(walk, etag);
      if (written.kind === "conflict") return { kind: "overtaken" };
      ({ etag } = written);
      reached("walk-begun");
    } else if (walk.place.kind !== "report" && isStuck(walk)) walk = givenUp(walk);
    else if (walk.resumeAt !== undefined && walk.resumeAt > clock.now()) return waits(walk.resumeAt, walk.trouble);

    while (clock.now().getTime() < until && !signal?.aborted) {
      const next = await step(walk);
      const written = await writeWalk(next.walk, etag);
      if (written.kind === "conflict") return { kind: "overtaken" };
      ({ etag } = written);
      ({ walk } = next);
      reached("walk-step-kept");
      if (next.ended !== undefined) return next.ended;
    }
    return { kind: "unfinished" };

    async function step(from: RegistryWalk): Promise<Stepped> {
      const before = { ...from, resumeAt: undefined, trouble: undefined };
      try {
        switch (before.place.kind) {
          case "discover":
            return { walk: ended(await discover(before, before.place, signal)) };
          case "verify":
            return { walk: ended(await verify(before, before.place, signal)) };
          case "report":
            return await finish(before, before.place);
          case "finished":
            return { walk: from, ended: { kind: "notDue" } };
        }
      } catch (error) {
        if (signal?.aborted) return { walk: from, ended: { kind: "unfinished" } };
        if (!(error instanceof RetryLaterError)) throw error;
        const resumeAt = error.notBefore ?? new Date(clock.now().getTime() + retryMs);
        return { walk: { ...from, resumeAt, trouble: error.message }, ended: waits(resumeAt, error.message) };
      }
    }

    function ended(after: RegistryWalk): RegistryWalk {
      return { ...after, progressAt: clock.now() };
    }
  };

  /** Told before it is written down as finished: who is interrupted in between tells the same again, under the same id. */
  async function finish(walk: RegistryWalk, { finishedAt }: ReportPlace): Promise<Stepped> {
    const { registry, startedAt, coverage } = walk;
    const report: CoverageReport = { ...coverage, registry, startedAt, finishedAt };
    assertAddsUp(report);
    await writeReport(report);
    const gap = coverageGap(report);
    if (gap !== undefined) await alerts.publish([gap]);
    reached("coverage-told");
    const finished = {
      ...walk,
      progressAt: finishedAt,
      place: { kind: "finished" },
      coverage: nothingCovered,
    } as const;
    return { walk: finished, ended: { kind: "finished", report } };
  }

  function isDue(last: RegistryWalk | undefined): boolean {
    const { everyHours } = reconciliation;
    if (everyHours === 0) return false;
    return last === undefined || clock.now().getTime() >= last.startedAt.getTime() + everyHours * hourMs;
  }

  function isStuck({ progressAt }: RegistryWalk): boolean {
    return clock.now().getTime() - progressAt.getTime() > longestStandstillMs;
  }

  function givenUp(walk: RegistryWalk): RegistryWalk {
    const why = `The walk stood still for a day and was given up. ${walk.trouble ?? ""}`.trimEnd();
    const coverage = { ...walk.coverage, partial: [...walk.coverage.partial, why] };
    return { ...walk, place: { kind: "report", finishedAt: clock.now() }, coverage };
  }
};

interface Stepped {
  readonly walk: RegistryWalk;
  readonly ended?: ReconciledRegistry;
}

/** A step more may follow, of some 500 requests at most; a function has half an hour. */
const longestRunMs = 4 * 60 * 1000;

const retryMs = 60 * 1000;

const longestStandstillMs = dayMs;

function waits(until: Date, why = "") {
  return { kind: "waits", until, why } as const;
}
