import * as z from "zod";
import type { Coverage, CoverageReport } from "../domain/coverage.ts";
import type { RegistryHost } from "../domain/image-reference.ts";
import type { RegistryWalk } from "../domain/registry-walk.ts";
import { parseWith } from "./invalid-message-error.ts";
import { RegistryHost as RegistryHostSchema } from "./reference-schema.ts";

/** The coverage of a registry as the API shows it (docs/coverage.md). What is not known is left out. */
export function toCoverageJson(coverage: {
  readonly registry: RegistryHost;
  readonly report?: CoverageReport | undefined;
  readonly walk?: RegistryWalk | undefined;
}) {
  const { registry, report, walk } = coverage;
  return { registry, report: report && toReportJson(report), walk: walk && toWalkJson(walk) };
}

function toReportJson({ startedAt, finishedAt, ...coverage }: CoverageReport) {
  const discovered = new Map(coverage.discoveredIn.map((each) => [each.repository, each.discovered]));
  const byRepository = coverage.largest.toSorted((a, b) => b.known - a.known);
  const shown = byRepository.map((each) => ({ ...each, discovered: discovered.get(each.repository) ?? 0 }));
  const placed = shown.reduce((total, each) => total + each.discovered, 0);
  return {
    startedAt,
    finishedAt,
    ...toTotalsJson(coverage),
    byRepository: shown,
    otherRepositories: { ...coverage.rest, discovered: coverage.discovered - placed },
    examples: coverage.unreadable,
  };
}

function toWalkJson({ startedAt, progressAt, resumeAt, trouble, place, coverage }: RegistryWalk) {
  return { phase: place.kind, startedAt, progressAt, resumeAt, trouble, ...toTotalsJson(coverage) };
}

function toTotalsJson({ repositories, tags, discovered, manifests, partial }: Coverage) {
  return { repositories, tags, discovered, manifests, partial };
}

/** Of POST /api/coverage/walks; undefined for all registries. An empty body is as good as {}. */
export function parseWalkQuestion(value: unknown): RegistryHost | undefined {
  return parseWith(WalkQuestion, value, "request for a walk").registry;
}

const WalkQuestion = z.strictObject({ registry: RegistryHostSchema.optional() });
