import type { Coverage } from "../../../shared/domain/coverage.ts";
import { parseRegistryHost, parseRepository, parseTag } from "../../../shared/domain/image-reference.ts";
import {
  addDiscovered,
  beginWalk,
  nothingCovered,
  type RegistryWalk,
  type WalkPlace,
} from "../../../shared/domain/registry-walk.ts";
import {
  parseStoredCoverage,
  parseStoredWalk,
  toStoredCoverage,
  toStoredWalk,
} from "../../../shared/messages/stored-walk.ts";
import { aDigest, anImage } from "../../support/samples.ts";
import { storedTarget } from "../stored-target.ts";

const now = new Date("2026-11-21T08:00:00Z");
const registry = parseRegistryHost("shop.azurecr.io");
const repository = parseRepository("team/web");
const tag = parseTag("1.0");
const digest = aDigest();

const coverage: Coverage = {
  ...addDiscovered(nothingCovered, repository, 2),
  largest: [{ repository, known: 2, states: { scanned: 1, "failed.no-space": 1 }, missing: 0, unreadable: 0 }],
  unreadable: [{ repository, tag, digest, error: "The registry answered 500." }],
  partial: ["The registry has no catalog."],
};

const places: readonly WalkPlace[] = [
  {
    kind: "discover",
    from: "catalog",
    cursor: '{"path":"/v2/_catalog?n=100"}',
    isListed: false,
    pages: 1,
    last: repository,
    repositories: [repository],
    manifests: '{"path":"/v2/team/web/tags/list?n=50","after":"1.0"}',
    manifestPages: 1,
    found: [{ repository, digest, tags: [tag], listedAt: now, isDiscovered: true }],
  },
  { kind: "verify", cursor: "eyJ9", isListed: true, refused: repository, missing: [anImage()] },
  { kind: "report", finishedAt: now },
  { kind: "finished" },
];

const walks: readonly RegistryWalk[] = places.map((place) => ({
  ...beginWalk(registry, now),
  ...{ resumeAt: now, trouble: "The registry asked for patience.", place, coverage },
}));

export const target = storedTarget("documents of the store: walks through registries and their reports", [
  { samples: walks.map(toStoredWalk), comeBack: (document) => toStoredWalk(parseStoredWalk(document)) },
  {
    samples: [toStoredCoverage({ ...coverage, registry, startedAt: now, finishedAt: now })],
    comeBack: (document) => toStoredCoverage(parseStoredCoverage(document)),
  },
]);
