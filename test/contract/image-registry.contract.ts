import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { parseDigest } from "../../shared/domain/digest.ts";
import { parseRepository, parseTag, type RegistryHost } from "../../shared/domain/image-reference.ts";
import type { ImageRegistry } from "../../shared/ports/image-registry.ts";
import type { RegistryPusher } from "../support/registry/registry-pusher.ts";

export interface ImageRegistryUnderTest extends AsyncDisposable {
  readonly registry: ImageRegistry;
  readonly host: RegistryHost;
  /** Writes to the same registry. */
  readonly pusher: RegistryPusher;
}

const MISSING = parseDigest(`sha256:${"0".repeat(64)}`);
const INDEX = "application/vnd.oci.image.index.v1+json";
const MANIFEST = "application/vnd.oci.image.manifest.v1+json";

/** What every ImageRegistry promises, whichever registry is behind it. */
export function imageRegistryContract(name: string, start: () => Promise<ImageRegistryUnderTest>): void {
  describe(name, () => {
    let under: ImageRegistryUnderTest;
    beforeAll(async () => {
      under = await start();
    });
    afterAll(async () => under[Symbol.asyncDispose]());

    /** A repository of its own for each test. */
    const place = (text: string) => ({ registry: under.host, repository: parseRepository(text) });

    it("reads exactly the bytes of a manifest", async () => {
      const web = place("read/manifest");
      const digest = await under.pusher.pushImage(web.repository, "one");

      const manifest = await under.registry.readManifest({ ...web, digest });

      expect(manifest).toMatchObject({ digest, mediaType: MANIFEST });
      expect(JSON.parse(new TextDecoder().decode(manifest?.content))).toMatchObject({ schemaVersion: 2 });
    });

    it("says that a manifest or a whole repository is not there", async () => {
      const web = place("read/gone");
      await under.pusher.pushImage(web.repository, "one");

      expect(await under.registry.readManifest({ ...web, digest: MISSING })).toBeUndefined();
      expect(await under.registry.readManifest({ ...place("read/never"), digest: MISSING })).toBeUndefined();
    });

    it("says whether a manifest is there", async () => {
      const web = place("read/exists");
      const digest = await under.pusher.pushImage(web.repository, "one");

      expect(await under.registry.exists({ ...web, digest })).toBe(true);
      expect(await under.registry.exists({ ...web, digest: MISSING })).toBe(false);
      expect(await under.registry.exists({ ...place("read/nowhere"), digest })).toBe(false);
    });

    it("no longer finds a manifest that has been deleted", async () => {
      const web = place("read/deleted");
      const digest = await under.pusher.pushImage(web.repository, "one", "1.0");
      await under.pusher.deleteManifest(web.repository, digest);

      expect(await under.registry.exists({ ...web, digest })).toBe(false);
      expect(await under.registry.readManifest({ ...web, digest })).toBeUndefined();
      expect(await under.registry.resolveTag(web, parseTag("1.0"))).toBeUndefined();
    });

    it("follows a tag when it moves", async () => {
      const web = place("tags/moving");
      const first = await under.pusher.pushImage(web.repository, "first", "latest");
      const before = await under.registry.resolveTag(web, parseTag("latest"));
      const second = await under.pusher.pushImage(web.repository, "second", "latest");

      const after = await under.registry.resolveTag(web, parseTag("latest"));

      expect([before, after]).toEqual([first, second]);
      expect(await under.registry.resolveTag(web, parseTag("other"))).toBeUndefined();
    });

    it("reads a blob up to the given size and refuses a larger one", async () => {
      const web = place("read/blob");
      const content = Buffer.from("0123456789");
      const digest = await under.pusher.pushBlob(web.repository, content);

      expect(await under.registry.readBlob(web, digest, { maxBytes: 10 })).toEqual(content);
      await expect(under.registry.readBlob(web, digest, { maxBytes: 9 })).rejects.toMatchObject({
        name: "DeadLetterError",
        reason: "registry-answer-too-large",
      });
      expect(await under.registry.readBlob(web, MISSING, { maxBytes: 10 })).toBeUndefined();
    });

    it("lists all tags of a repository, and none of one that is not there", async () => {
      const web = place("tags/many");
      const tags = ["1.0", "1.1", "1.2", "2.0", "latest"];
      for (const tag of tags) await under.pusher.pushImage(web.repository, "same", tag);

      expect((await collect(under.registry.listTags(web))).toSorted()).toEqual(tags);
      expect(await collect(under.registry.listTags(place("tags/never")))).toEqual([]);
    });

    it("lists all repositories", async () => {
      const names = ["catalog/a", "catalog/b", "catalog/c", "catalog/d"];
      for (const name of names) await under.pusher.pushImage(name, "same");

      expect(await collect(under.registry.listRepositories(under.host))).toEqual(expect.arrayContaining(names));
    });

    it("lists what refers to an image, with and without the referrers API, by type where one is asked for", async () => {
      const web = place("referrers/web");
      const subject = await under.pusher.pushImage(web.repository, "signed", "1.0");
      const artifactType = "application/example.signature";
      const empty = await under.pusher.pushBlob(web.repository, Buffer.from("{}"));
      const config = { mediaType: "application/vnd.oci.empty.v1+json", digest: empty, size: 2 };
      const content = {
        schemaVersion: 2,
        mediaType: MANIFEST,
        artifactType,
        config,
        layers: [config],
        subject: { mediaType: MANIFEST, digest: subject, size: 1 },
        annotations: { by: "test" },
      };
      const signature = await under.pusher.pushManifest(web.repository, { content });
      const size = JSON.stringify(content).length;
      const entry = { mediaType: MANIFEST, digest: signature, size, artifactType, annotations: { by: "test" } };
      await under.pusher.pushManifest(web.repository, {
        content: { schemaVersion: 2, mediaType: INDEX, manifests: [entry] },
        tag: subject.replace(":", "-"),
      });

      const image = { ...web, digest: subject };
      const referrers = await collect(under.registry.listReferrers(image));

      expect(referrers).toEqual([
        { digest: signature, mediaType: MANIFEST, sizeInBytes: size, artifactType, annotations: { by: "test" } },
      ]);
      expect(await collect(under.registry.listReferrers(image, { artifactType }))).toHaveLength(1);
      expect(await collect(under.registry.listReferrers(image, { artifactType: "other" }))).toEqual([]);
      expect(await collect(under.registry.listReferrers({ ...web, digest: signature }))).toEqual([]);
    });

    it("gives up with the signal's own reason", async () => {
      const reason = new Error("enough");

      const reading = under.registry.readManifest({ ...place("any"), digest: MISSING }, AbortSignal.abort(reason));

      await expect(reading).rejects.toBe(reason);
    });
  });
}

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}
