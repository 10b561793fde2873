import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import * as z from "zod";
import { assertAddsUp } from "../../shared/domain/coverage.ts";
import { parseRepository, parseTag } from "../../shared/domain/image-reference.ts";
import { listedRegistry, type ListedRegistry } from "../support/registry/listed-registry.ts";
import { aDigest } from "../support/samples.ts";
import { openWalkBench } from "./walk-bench.ts";

const repositories = 400;
const tags = 250;

/** 100,000 manifests, told by a listing at the edge of the port; no registry and no HTTP. The store is real. */
const large = listedRegistry({
  repositories,
  repository: (number) => parseRepository(`team/app-${number}`),
  tags,
  tag: (number) => parseTag(`v${number}`),
  digest: (name, tag) => aDigest(`${name} ${tag}`),
  exists: () => true,
  pageSize: 50,
});

it("walks 100,000 manifests of 400 repositories, new to it, without holding them in memory", async () => {
  let requests = 0;
  const heap = heldHeap();
  using bench = openWalkBench(heap.measuredBy(large), {
    scanRequests: { send: async (sent) => void (requests += sent.length) },
  });

  const report = await bench.walk();

  assertAddsUp(report);
  expect([report.discovered, report.manifests.known, report.tags.read]).toEqual([100_000, 100_000, 100_000]);
  expect(report.largest).toHaveLength(repositories);
  expect(requests).toBe(100_000);
  // 100,000 references alone, without their records, would be more than 20 MB.
  expect(heap.grownMb()).toBeLessThan(8);
}, 300_000);

/** How far the heap has grown beyond where it was at the first page, garbage left out: looked at every 200 requests for tags. */
function heldHeap() {
  setFlagsFromString("--expose-gc");
  const collect = z.function({ output: z.void() }).parse(runInNewContext("gc"));
  const held: number[] = [];
  return {
    measuredBy: ({ catalog, registry }: ListedRegistry): ListedRegistry => {
      let pages = 0;
      const measured: ListedRegistry["catalog"]["listManifests"] = (...asked) => {
        pages += 1;
        if (pages % 200 === 1) {
          collect();
          held.push(process.memoryUsage().heapUsed);
        }
        return catalog.listManifests(...asked);
      };
      return { catalog: { ...catalog, listManifests: measured }, registry };
    },
    grownMb: () => (Math.max(...held) - (held[1] ?? 0)) / 1_000_000,
  };
}
