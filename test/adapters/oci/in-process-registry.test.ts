import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startInProcessRegistry, type InProcessRegistry } from "../../support/registry/in-process-registry.ts";
import { registryPusher } from "../../support/registry/registry-pusher.ts";

describe("the in-process registry", () => {
  let server: InProcessRegistry;
  let uploads: string;
  beforeAll(async () => {
    server = await startInProcessRegistry();
    uploads = `${server.url}/v2/team/web/blobs/uploads/`;
  });
  afterAll(async () => server.close());

  it("takes a blob in chunks and gives it out whole and in ranges", async () => {
    const content = randomBytes(3_000_000);
    const started = await fetch(uploads, { method: "POST" });
    let location = started.headers.get("location") ?? "";
    for (let at = 0; at < content.byteLength; at += 1_000_000) {
      const body = content.subarray(at, at + 1_000_000);
      const headers = { "content-range": `${at}-${at + body.byteLength - 1}` };
      const patched = await fetch(location, { method: "PATCH", headers, body });
      expect(patched.status).toBe(202);
      location = patched.headers.get("location") ?? "";
    }
    const finished = await fetch(`${location}?digest=${sha256(content)}`, { method: "PUT" });

    const blob = `${server.url}/v2/team/web/blobs/${sha256(content)}`;
    const whole = await fetch(blob);
    const rest = await fetch(blob, { headers: { range: "bytes=2999990-" } });

    expect(finished.status).toBe(201);
    expect(sha256(Buffer.from(await whole.arrayBuffer()))).toBe(sha256(content));
    expect([rest.status, rest.headers.get("content-range")]).toEqual([206, "bytes 2999990-2999999/3000000"]);
    expect(Buffer.from(await rest.arrayBuffer())).toEqual(content.subarray(2_999_990));
  });

  it("refuses a chunk out of order", async () => {
    const started = await fetch(uploads, { method: "POST" });
    const headers = { "content-range": "5-9" };

    const patched = await fetch(started.headers.get("location") ?? "", { method: "PATCH", headers, body: "56789" });

    expect([patched.status, await patched.json()]).toMatchObject([416, { errors: [{ code: "BLOB_UPLOAD_INVALID" }] }]);
  });

  it("refuses a blob whose bytes are not those of its digest", async () => {
    const response = await fetch(`${uploads}?digest=${sha256(Buffer.from("a"))}`, { method: "POST", body: "b" });

    expect([response.status, await response.json()]).toMatchObject([400, { errors: [{ code: "DIGEST_INVALID" }] }]);
  });

  it("refuses a manifest before its layers", async () => {
    const content = { schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json" };
    const layers = [{ digest: sha256(Buffer.from("never pushed")) }];

    const pushing = registryPusher(server.url).pushManifest("team/web", { content: { ...content, layers } });

    await expect(pushing).rejects.toThrow('404 {"errors":[{"code":"MANIFEST_BLOB_UNKNOWN"');
  });

  it("mounts a blob from another repository", async () => {
    const digest = await registryPusher(server.url).pushBlob("team/base", Buffer.from("shared"));

    const mounted = await fetch(`${uploads}?mount=${digest}&from=team/base`, { method: "POST" });

    expect(mounted.status).toBe(201);
    expect(await (await fetch(`${server.url}/v2/team/web/blobs/${digest}`)).text()).toBe("shared");
  });

  it("notes what was asked of it", async () => {
    server.requests.clear();
    await fetch(`${server.url}/v2/`, { headers: { authorization: "Basic eDp5" } });
    await fetch(`${server.url}/v2/`);

    expect(server.requests.matching("GET", /^\/v2\/$/).map(({ authorized }) => authorized)).toEqual([true, false]);
  });
});

function sha256(content: Uint8Array): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
