import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { configuredRegistryCredentials } from "../../shared/adapters/oci/configured-registry-credentials.ts";
import { ociImageRegistry } from "../../shared/adapters/oci/oci-image-registry.ts";
import { ociRegistryCatalog } from "../../shared/adapters/oci/oci-registry-catalog.ts";
import { assertAddsUp } from "../../shared/domain/coverage.ts";
import type { Digest } from "../../shared/domain/digest.ts";
import { imageId, type ImageRecord } from "../../shared/domain/image-record.ts";
import { parseRepository, parseTag, type ImageReference } from "../../shared/domain/image-reference.ts";
import { configuredWatchList } from "../../shared/hosts/settings/configured-watch-list.ts";
import type { ReconcileRegistryPorts } from "../../shared/use-cases/reconcile-registry.ts";
import { startInProcessRegistry, type InProcessRegistry } from "../support/registry/in-process-registry.ts";
import { registryPusher, type RegistryPusher } from "../support/registry/registry-pusher.ts";
import { anImageRecord } from "../support/samples.ts";
import { openWalkBench, waitlessClock, type WalkBench } from "./walk-bench.ts";

const hour = 3_600_000;

let server: InProcessRegistry;
let pusher: RegistryPusher;
let bench: WalkBench;

beforeEach(async () => {
  server = await startInProcessRegistry();
  pusher = registryPusher(server.url);
  bench = open();
});

afterEach(async () => {
  bench[Symbol.dispose]();
  await server.close();
});

/** The real client against the registry. */
function open(changes: Partial<ReconcileRegistryPorts> = {}): WalkBench {
  const client = {
    credentials: configuredRegistryCredentials({}),
    clock: waitlessClock(),
    userAgent: "tidewatch/test",
    insecureRegistries: [server.host],
  };
  const registry = ociImageRegistry(client);
  return openWalkBench({ catalog: ociRegistryCatalog(client), registry, host: server.host }, changes);
}

async function push(repository: string, text: string, tag: string): Promise<ImageReference> {
  return reference(repository, await pusher.pushImage(repository, text, tag));
}

/** Images without layers: each a request. */
async function pushMany(repository: string, tags: readonly string[]): Promise<void> {
  const digest = await pusher.pushBlob(repository, Buffer.from("{}"));
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const config = { mediaType: "application/vnd.oci.image.config.v1+json", digest, size: 2 };
  for (const tag of tags) {
    const content = { schemaVersion: 2, mediaType, config, layers: [], annotations: { tag } };
    await pusher.pushManifest(repository, { content, tag });
  }
}

function reference(repository: string, digest: Digest): ImageReference {
  return { registry: server.host, repository: parseRepository(repository), digest };
}

/** On record as if its event had come. */
async function announce(image: ImageReference, changes: Partial<ImageRecord> = {}): Promise<ImageRecord> {
  const record = anImageRecord({ tags: [parseTag("1.0")], ...changes, image, id: imageId(image) });
  await bench.save(record);
  return record;
}

describe("a walk through a registry", () => {
  it("discovers every image behind some 200 tags of 60 repositories, and its next walk finds nothing", async () => {
    for (let number = 0; number < 60; number += 1) await pushMany(`team/app-${number}`, ["1.0", "latest", "2.0"]);
    await pushMany(
      "team/app-0",
      [...Array(60).keys()].map((number) => `v${number}`),
    );

    const first = await bench.walk();
    bench.clock.pass(24 * hour);
    const second = await bench.walk();

    expect(first).toMatchObject({
      repositories: { listed: 60, read: 60 },
      tags: { listed: 240, read: 240 },
      discovered: 240,
      manifests: { known: 240, states: { waiting: 240 }, missing: 0 },
      partial: [],
    });
    expect(first.largest.find(({ repository }) => repository === "team/app-0")?.known).toBe(63);
    expect(second).toMatchObject({ discovered: 0, manifests: { known: 240, states: { waiting: 240 } } });
    expect(bench.alerts).toMatchObject([{ kind: "coverage.gap", discovered: 240, report: { manifests: 240 } }]);
    for (const report of [first, second]) assertAddsUp(report);
  });

  it("asks for a quiet first look, some minutes later, since the push may be announced yet", async () => {
    const image = await push("team/web", "web", "1.0");

    await bench.walk();

    const record = await bench.read(image);
    expect(record).toMatchObject({ tags: ["1.0"], state: { kind: "waiting", reason: "discovered" } });
    const [{ request, notBefore } = {}] = bench.requested;
    expect(request).toMatchObject({ image, reason: "discovered", attempt: 1 });
    expect(notBefore?.getTime()).toBe((request?.requestedAt.getTime() ?? 0) + 5 * 60_000);
  });

  it("learns that a tag has moved", async () => {
    const before = await push("team/web", "before", "latest");
    const after = await push("team/web", "after", "latest");
    await announce(before, { tags: [parseTag("latest")] });
    await announce(after, { tags: [] });

    const report = await bench.walk();

    expect((await bench.read(after))?.tags).toEqual(["latest"]);
    expect([report.discovered, bench.requested, bench.alerts]).toEqual([0, [], []]);
  });

  it("has an image looked at that is not there any more, and leaves its state to that look", async () => {
    const image = await push("team/web", "web", "1.0");
    await announce(image);
    await pusher.deleteManifest("team/web", image.digest);

    const report = await bench.walk();

    expect(report.manifests).toMatchObject({ known: 1, missing: 1, states: { scanned: 1 } });
    expect(bench.requested.map(({ request }) => request)).toMatchObject([{ image, reason: "deleted", attempt: 1 }]);
    expect((await bench.read(image))?.state.kind).toBe("scanned");
    expect(bench.alerts).toMatchObject([{ kind: "coverage.gap", discovered: 0, missing: 1 }]);
  });

  it("brings back an image that was thought gone", async () => {
    const image = await push("team/web", "web", "1.0");
    await announce(image, { state: { kind: "gone", since: new Date("2025-12-01T00:00:00Z") } });

    const report = await bench.walk();

    expect(report).toMatchObject({ discovered: 1, manifests: { known: 1, states: { waiting: 1 } } });
    expect(bench.requested).toMatchObject([{ request: { image, reason: "discovered" } }]);
  });

  it("asks for nothing that the filters leave out, and counts it", async () => {
    const kept = await push("team/web", "web", "1.0");
    await push("team/web", "web", "pr-1");
    const once = await push("other/tool", "tool", "1.0");
    const everything = { include: ["**"], exclude: [] };
    const watchList = configuredWatchList([
      {
        host: server.host,
        repositories: { include: ["team/**"], exclude: [] },
        tags: { ...everything, exclude: ["pr-*"] },
      },
    ]);
    bench[Symbol.dispose]();
    bench = open({ watchList });
    await announce(once);
    server.requests.clear();

    const report = await bench.walk();

    expect(report).toMatchObject({
      repositories: { listed: 2, read: 1, leftOut: 1 },
      tags: { listed: 2, read: 1, leftOut: 1 },
      manifests: { known: 2, states: { waiting: 1, leftOut: 1 } },
    });
    expect((await bench.read(kept))?.tags).toEqual(["1.0"]);
    expect(server.requests.all().filter(({ path }) => /other|pr-1/.test(path))).toEqual([]);
  });
});

describe("a registry that", () => {
  it("asks for patience gets it, and the walk goes on where it was", async () => {
    for (const name of ["a", "b", "c"]) await push(name, name, "1.0");
    const headers = { "retry-after": "600" };
    server.faults.add({ path: /\/b\/tags/, times: 1, fault: { kind: "answer", status: 429, headers } });

    const first = await bench.run();
    bench.clock.pass(hour);
    server.requests.clear();
    const report = await bench.walk();

    expect(first.kind === "waits" && first.why).toContain("429");
    expect(report).toMatchObject({ discovered: 3, repositories: { read: 3, unreadable: 0 } });
    expect(server.requests.matching("GET", /_catalog|\/a\/tags/)).toEqual([]);
  });

  it("is not asked again before it wants to be", async () => {
    server.faults.add({ path: /_catalog/, fault: { kind: "answer", status: 503, headers: { "retry-after": "600" } } });
    await bench.run();
    server.requests.clear();

    const second = await bench.run();

    expect([second.kind, server.requests.all()]).toEqual(["waits", []]);
  });

  it.each([401, 404, 405])(
    "refuses its catalog (%d) is walked by the repositories on record, and the report says so",
    async (status) => {
      await announce(await push("team/web", "web", "1.0"));
      const found = await push("team/web", "web 2", "2.0");
      await push("team/never-heard-of", "other", "1.0");
      server.faults.add({ path: /_catalog/, fault: { kind: "answer", status } });

      const report = await bench.walk();

      expect(report).toMatchObject({ discovered: 1, repositories: { listed: 1, read: 1 }, manifests: { known: 2 } });
      expect(report.partial).toEqual([expect.stringContaining("does not list its repositories")]);
      expect(await bench.read(found)).toBeDefined();
      expect(bench.alerts).toMatchObject([{ kind: "coverage.gap", partial: true }]);
    },
  );

  it("refuses a repository, a tag and a manifest has them counted as unreadable, with its error", async () => {
    await push("shut/web", "web", "1.0");
    await announce(reference("shut/web", await pusher.pushImage("shut/web", "web", "1.0")));
    await push("team/web", "one", "1.0");
    await push("team/web", "two", "2.0");
    server.faults.add({ path: /shut\/web/, fault: { kind: "answer", status: 403 } });
    server.faults.add({ path: /manifests\/2\.0/, fault: { kind: "answer", status: 405 } });

    const report = await bench.walk();

    expect(report).toMatchObject({
      repositories: { listed: 2, read: 1, unreadable: 1 },
      tags: { listed: 2, read: 1, unreadable: 1 },
      manifests: { known: 2, unreadable: 1, missing: 0, states: { scanned: 1, waiting: 1 } },
      unreadable: [{ repository: "shut/web" }, { repository: "team/web", tag: "2.0" }, { repository: "shut/web" }],
    });
    expect(report.unreadable.map(({ error }) => /\b40[35]\b/.exec(error)?.[0])).toEqual(["403", "405", "403"]);
    expect(bench.alerts).toMatchObject([{ kind: "coverage.gap", unreadable: 3 }]);
  });

  it("cannot be walked for a day is given up, with a report of what was seen", async () => {
    await announce(await push("a", "a", "1.0"));
    await push("b", "b", "1.0");
    server.faults.add({ path: /\/b\/tags/, fault: { kind: "answer", status: 503 } });

    const first = await bench.run();
    bench.clock.pass(24 * hour);
    const aDayLater = await bench.run();
    bench.clock.pass(hour);
    const report = await bench.walk();

    expect([first.kind, aDayLater.kind]).toEqual(["waits", "waits"]);
    expect(report.partial.join()).toMatch(/given up.*503/);
    expect(report.repositories).toMatchObject({ listed: 1, read: 1 });
    expect(bench.alerts).toMatchObject([{ kind: "coverage.gap", partial: true }]);
  });
});
