import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseRepository, parseTag } from "../../shared/domain/image-reference.ts";
import { listedRegistry } from "../support/registry/listed-registry.ts";
import { aDigest } from "../support/samples.ts";
import { openWalkBench, type WalkBench } from "./walk-bench.ts";

const hour = 3_600_000;

const images = 20;

let bench: WalkBench;
let requests: number;

beforeEach(() => {
  requests = 0;
  const { catalog, registry } = listedRegistry({
    repositories: images,
    repository: (number) => parseRepository(`app-${number}`),
    tags: 1,
    tag: () => parseTag("1.0"),
    digest: (name) => aDigest(name),
    exists: () => true,
    pageSize: 50,
  });
  const counted =
    <Arguments extends unknown[], Result>(ask: (...given: Arguments) => Promise<Result>) =>
    async (...given: Arguments): Promise<Result> => {
      requests += 1;
      return ask(...given);
    };
  bench = openWalkBench({
    catalog: {
      listRepositories: counted(catalog.listRepositories),
      listManifests: counted(catalog.listManifests),
    },
    registry: { resolveTag: counted(registry.resolveTag), exists: counted(registry.exists) },
  });
});

afterEach(() => bench[Symbol.dispose]());

describe("the timer", () => {
  it("begins a walk so many hours after the beginning of the last, or not at all", async () => {
    const off = await bench.run({ reconciliation: { everyHours: 0, requestsPerSecond: Infinity } });
    const first = await bench.run();
    bench.clock.pass(24 * hour - 1);
    const early = await bench.run();
    bench.clock.pass(1);
    const second = await bench.run();

    expect([off, first, early, second].map(({ kind }) => kind)).toEqual(["notDue", "finished", "notDue", "finished"]);
  });

  it("runs for some four minutes at so many requests a second, and goes on the next time", async () => {
    const reconciliation = { everyHours: 24, requestsPerSecond: 0.1 };
    const start = bench.clock.now().getTime();

    const first = await bench.run({ reconciliation });

    const minutes = (bench.clock.now().getTime() - start) / 60_000;
    expect(first.kind).toBe("unfinished");
    expect(minutes).toBeGreaterThanOrEqual(4);
    expect(minutes).toBeLessThan(5);
    expect(requests).toBeLessThanOrEqual(minutes * 6 + 1);
    expect((await bench.walk()).manifests.known).toBe(images);
  });

  it("of two hosts at once: one walks, the other gives way, and the counts are those of one walk", async () => {
    const both = await Promise.all([bench.run(), bench.run()]);
    const report = both.flatMap((each) => (each.kind === "finished" ? [each.report] : []))[0] ?? (await bench.walk());

    expect(both.map(({ kind }) => kind)).toContain("overtaken");
    expect(report).toMatchObject({ discovered: images, manifests: { known: images } });
    expect(new Set(bench.alerts.map(({ id }) => id)).size).toBe(1);
  });
});
