import { describe, expect, it, onTestFinished } from "vitest";
import { configuredRegistryCredentials } from "../../../shared/adapters/oci/configured-registry-credentials.ts";
import { ociRegistryCatalog } from "../../../shared/adapters/oci/oci-registry-catalog.ts";
import { parseRepository, type RegistryHost } from "../../../shared/domain/image-reference.ts";
import { systemClock } from "../../../shared/ports/clock.ts";
import type { CatalogPage, RegistryCatalog } from "../../../shared/ports/registry-catalog.ts";
import { startDistribution } from "../../support/registry/distribution.ts";
import { requireDistribution } from "../../support/registry/find-distribution.ts";
import { startInProcessRegistry, type InProcessRegistryOptions } from "../../support/registry/in-process-registry.ts";
import { registryPusher } from "../../support/registry/registry-pusher.ts";

const web = parseRepository("team/web");

describe("ociRegistryCatalog", () => {
  it("lists repositories and tags page by page, each page by another process if need be", async () => {
    const server = await start({ pageSize: 2 });
    const pusher = registryPusher(server.url);
    for (const name of ["a", "b", "c", "d", "team/web"]) await pusher.pushImage(name, "same");
    for (const tag of ["1", "2", "3", "4", "5"]) await pusher.pushImage(web, "same", tag);

    const repositories = await pagesOf((cursor) => catalogOf(server.host).listRepositories(server.host, cursor));
    const manifests = await pagesOf((cursor) =>
      catalogOf(server.host).listManifests({ registry: server.host, repository: web }, cursor),
    );

    expect(repositories).toEqual([["a", "b"], ["c", "d"], ["team/web"]]);
    expect(manifests.map((page) => page.flatMap(({ tags }) => tags))).toEqual([["1", "2"], ["3", "4"], ["5"]]);
  });

  it("cuts what a registry sends in one piece, and misses nothing when a name goes away in between", async () => {
    const server = await start();
    const tags = Array.from({ length: 1200 }, (_, index) => `v${index.toString().padStart(4, "0")}`);
    const answerAll = (without: string) => {
      server.faults.clear();
      const body = JSON.stringify({ name: web, tags: tags.filter((tag) => tag !== without).toReversed() });
      server.faults.add({ path: /tags\/list/, fault: { kind: "answer", status: 200, body } });
    };

    answerAll("none");
    const repository = { registry: server.host, repository: web };
    const first = await catalogOf(server.host).listManifests(repository);
    answerAll("v0000");
    const second = await catalogOf(server.host).listManifests(repository, first.next);
    const third = await catalogOf(server.host).listManifests(repository, second.next);

    const listed = [first, second, third].map(({ items }) => items.flatMap((item) => item.tags));
    expect(listed.map(({ length }) => length)).toEqual([500, 500, 200]);
    expect(listed.flat()).toEqual(tags);
    expect(third.next).toBeUndefined();
  });

  it("lists nothing in a repository that is not there", async () => {
    const server = await start();

    expect(await catalogOf(server.host).listManifests({ registry: server.host, repository: web })).toEqual({
      items: [],
    });
  });

  it.each([
    [401, "RegistryAccessError"],
    [403, "RegistryAccessError"],
    [404, "DeadLetterError"],
    [405, "DeadLetterError"],
    [429, "RetryLaterError"],
    [503, "RetryLaterError"],
  ])("tells a catalog that is refused from one that cannot answer now: %d", async (status, name) => {
    const server = await start();
    server.faults.add({ path: /_catalog/, fault: { kind: "answer", status, body: "no" } });

    await expect(catalogOf(server.host).listRepositories(server.host)).rejects.toMatchObject({ name });
  });

  it("takes no cursor that is not its own", async () => {
    const server = await start();

    const listing = catalogOf(server.host).listRepositories(server.host, "https://elsewhere.example/v2/_catalog");

    await expect(listing).rejects.toMatchObject({ name: "InvalidCursorError" });
  });

  it("reads CNCF distribution, which sends all tags at once", async ({ skip }) => {
    const server = await startDistribution({ path: requireDistribution(skip) });
    onTestFinished(server.close);
    const pusher = registryPusher(server.url);
    for (const name of ["a", "b", "team/web"]) await pusher.pushImage(name, "same", "1.0");
    for (let number = 0; number < 55; number += 1) await pusher.pushImage(web, "same", `v${number.toString()}`);

    const repositories = await pagesOf((cursor) => catalogOf(server.host).listRepositories(server.host, cursor));
    const manifests = await pagesOf((cursor) =>
      catalogOf(server.host).listManifests({ registry: server.host, repository: web }, cursor),
    );

    expect(repositories.flat()).toEqual(["a", "b", "team/web"]);
    expect(new Set(manifests.flat().flatMap(({ tags }) => tags)).size).toBe(56);
  });
});

async function start(options: InProcessRegistryOptions = {}) {
  const server = await startInProcessRegistry(options);
  onTestFinished(server.close);
  return server;
}

function catalogOf(host: RegistryHost): RegistryCatalog {
  return ociRegistryCatalog({
    credentials: configuredRegistryCredentials({}),
    clock: systemClock,
    userAgent: "tidewatch/test",
    insecureRegistries: [host],
  });
}

async function pagesOf<T>(list: (cursor: string | undefined) => Promise<CatalogPage<T>>): Promise<(readonly T[])[]> {
  const pages: (readonly T[])[] = [];
  let cursor: string | undefined;
  do {
    const page = await list(cursor);
    pages.push(page.items);
    cursor = page.next;
  } while (cursor !== undefined);
  return pages;
}
