import { describe, expect, it } from "vitest";
import { imageId, type ImageRecord } from "../../shared/domain/image-record.ts";
import { parseRepository, parseTag, type ImageReference } from "../../shared/domain/image-reference.ts";
import { scanRequestId } from "../../shared/domain/scan-request.ts";
import type { ReconcileRegistryPorts } from "../../shared/use-cases/reconcile-registry.ts";
import { walkDocuments } from "../../shared/use-cases/walk-documents.ts";
import { listedRegistry } from "../support/registry/listed-registry.ts";
import { aDigest, anImageRecord } from "../support/samples.ts";
import { openWalkBench, walkedRegistry, type WalkBench } from "./walk-bench.ts";

const repository = (number: number) => parseRepository(`team/app-${number}`);
const since = new Date("2025-12-01T00:00:00Z");

/** Three repositories of three tags; two tags of each share a digest. */
const small = listedRegistry({
  repositories: 3,
  repository,
  tags: 3,
  tag: (number) => parseTag(`v${number}`),
  digest: (name, tag) => aDigest(`${name} ${tag === "v0" ? "v1" : tag}`),
  exists: (name, digest) => digest !== aDigest(`${name} deleted`),
  pageSize: 2,
});

/** Known beforehand: one that is scanned, one without its tag, one thought gone, and one that is deleted. */
async function openSmall(): Promise<WalkBench> {
  const bench = openWalkBench(small);
  await bench.save(known("team/app-0 v1", { tags: [parseTag("v0"), parseTag("v1")] }));
  await bench.save(known("team/app-0 v2", { tags: [] }));
  await bench.save(known("team/app-0 deleted", {}));
  await bench.save(known("team/app-1 v1", { state: { kind: "gone", since } }));
  return bench;
}

function known(text: string, changes: Partial<ImageRecord>): ImageRecord {
  const [name = ""] = text.split(" ");
  const image: ImageReference = { registry: walkedRegistry, repository: parseRepository(name), digest: aDigest(text) };
  return anImageRecord({ ...changes, image, id: imageId(image) });
}

describe("a walk that is interrupted", () => {
  it("ends with the same report, requests, records and alert, wherever that was", async () => {
    using undisturbed = await openSmall();
    const calls = { made: 0 };
    const expected = await finish(undisturbed, interrupted(undisturbed.ports, calls));

    const different: string[] = [];
    for (const when of ["before", "after"] as const)
      for (let failing = 1; failing <= calls.made; failing += 1) {
        using bench = await openSmall();
        const outcome = await finish(bench, interrupted(bench.ports, { made: 0 }, { failing, when }));
        if (JSON.stringify(outcome) !== JSON.stringify(expected)) different.push(`${when} call ${failing}`);
      }

    expect(expected.report).toMatchObject({ discovered: 4, manifests: { known: 7, missing: 1 } });
    expect(calls.made).toBeGreaterThan(60);
    expect(different).toEqual([]);
  });
});

/** Runs of the timer, until there is nothing left to do. */
async function finish(bench: WalkBench, ports: ReconcileRegistryPorts) {
  for (let runs = 0; runs < 5; runs += 1)
    try {
      const { kind } = await bench.run(ports);
      if (kind === "finished" || kind === "notDue") break;
    } catch (error) {
      if (!(error instanceof Interruption)) throw error;
    }
  const { items } = await bench.ports.images.list({}, { limit: 500 });
  return {
    report: await walkDocuments(bench.ports.checkpoints).readReport(walkedRegistry),
    requests: [...new Set(bench.requested.map(({ request }) => scanRequestId(request)))].toSorted(),
    alerts: [...new Set(bench.alerts.map(({ id }) => id))],
    records: items.map(({ id, tags, state }) => ({ id, tags, state: state.kind })),
  };
}

class Interruption extends Error {}

/** The same ports, of which one call fails, before or after it had its effect. */
function interrupted(
  ports: ReconcileRegistryPorts,
  calls: { made: number },
  at?: { readonly failing: number; readonly when: "before" | "after" },
): ReconcileRegistryPorts {
  const around =
    <Arguments extends unknown[], Result>(call: (...given: Arguments) => Promise<Result>) =>
    async (...given: Arguments): Promise<Result> => {
      calls.made += 1;
      const fails = calls.made === at?.failing;
      if (fails && at.when === "before") throw new Interruption();
      const result = await call(...given);
      if (fails) throw new Interruption();
      return result;
    };
  const { images, checkpoints, catalog, registry, scanRequests, alerts } = ports;
  return {
    ...ports,
    images: { ...images, read: around(images.read), write: around(images.write), list: around(images.list) },
    checkpoints: { read: around(checkpoints.read), write: around(checkpoints.write) },
    catalog: {
      listRepositories: around(catalog.listRepositories),
      listManifests: around(catalog.listManifests),
    },
    registry: { resolveTag: around(registry.resolveTag), exists: around(registry.exists) },
    scanRequests: { send: around(scanRequests.send) },
    alerts: { publish: around(alerts.publish) },
  };
}
