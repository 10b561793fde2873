import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { foundation } from "../fixtures/advisories/foundation.ts";
import { freePort } from "../support/free-port.ts";
import { deleteManifest } from "../support/images/delete-manifest.ts";
import type { Image } from "../support/images/image.ts";
import { push } from "../support/images/push.ts";
import { startLab, type Lab } from "../support/lab.ts";
import { startInProcessRegistry } from "../support/registry/in-process-registry.ts";
import type { Fault } from "../support/registry/registry-faults.ts";
import { layerPath, lodashImage } from "./lodash-image.ts";
import { quiet } from "./quiet.ts";
import { readImage } from "./read-api.ts";
import { realTrivy } from "./real-trivy.ts";
import { skippableClock } from "./skippable-clock.ts";
import { expectScannedOnce, typesToldAbout } from "./told-about.ts";

const clock = skippableClock();
let laterRegistry: number;
let lab: Lab;

beforeAll(async () => {
  laterRegistry = await freePort();
  lab = await startLab({
    trivy: realTrivy(),
    advisories: foundation,
    clock,
    otherRegistries: [`127.0.0.1:${laterRegistry}`],
    settings: { scanner: { timeoutSeconds: 2, attempts: 2 } },
  });
});

afterEach(() => lab.inProcess?.faults.clear());

afterAll(() => lab[Symbol.asyncDispose]());

describe("a registry that fails delays a scan and loses nothing: cleared, the image is scanned", () => {
  it.each<[string, string, "manifests" | "layer", Fault]>([
    ["a manifest that lies about its digest", "digest-mismatch", "manifests", { kind: "corrupt" }],
    ["500 for the manifest", "registry-unavailable", "manifests", { kind: "answer", status: 500 }],
    ["a connection that breaks", "registry-unavailable", "manifests", { kind: "truncate" }],
    ["404 from something that is no registry", "registry-unavailable", "manifests", { kind: "answer", status: 404 }],
    [
      "404 for a layer from something that is no registry",
      "registry-unavailable",
      "layer",
      { kind: "answer", status: 404 },
    ],
    ["a layer that lies about its digest", "digest-mismatch", "layer", { kind: "corrupt" }],
    // Trivy does not tell it from a layer that was made like that.
    ["a layer that breaks off", "scanner-crashed", "layer", { kind: "truncate" }],
    ["a layer that never comes", "timeout", "layer", { kind: "hang" }],
  ])("%s: %s", async (what, failure, where, fault) => {
    const made = await lodashImage(what);
    breakOn(made, where, fault);

    const pushed = await push(lab.registry.url, `shop/${repositoryOf(what)}`, made);
    await quiet(lab);
    const failed = await readImage(lab, pushed);
    lab.inProcess?.faults.clear();
    clock.skip(16_000);
    await quiet(lab);

    expect(failed?.state).toMatchObject({ kind: "waiting", putOff: { failure, attempts: 1 } });
    expect(failed?.state.putOff?.detail).toMatch(/\w{3}/);
    expect(failed?.scan).toBeUndefined();
    await expectScannedOnce(lab, pushed);
  });

  it("a registry that answers nothing at all: it is scanned once the registry is there", async () => {
    const made = await lodashImage("later");
    const repository = "shop/later";
    const { digest } = made.descriptor;
    const question = JSON.stringify({ image: `127.0.0.1:${laterRegistry}/${repository}@${digest}` });

    const { status } = await lab.call("/api/scans", { method: "POST", body: question });
    await quiet(lab);
    const failed = await readImage(lab, { repository, digest });
    await using registry = await startInProcessRegistry({ port: laterRegistry });
    await push(registry.url, repository, made);
    clock.skip(16_000);
    await quiet(lab);

    expect(status).toBe(202);
    expect(failed?.state).toMatchObject({ kind: "waiting", putOff: { failure: "registry-unavailable" } });
    await expectScannedOnce(lab, { repository, digest });
  });

  it("429: no attempt is made before the registry's Retry-After is over", async () => {
    const made = await lodashImage("patience");
    const { digest } = made.descriptor;
    const slowDown = { kind: "answer", status: 429, headers: { "retry-after": "60" } } as const;
    breakOn(made, "manifests", slowDown);

    const pushed = await push(lab.registry.url, "shop/patience", made);
    await quiet(lab);
    const failed = await readImage(lab, pushed);
    lab.inProcess?.faults.clear();
    lab.inProcess?.requests.clear();
    clock.skip(45_000);
    await quiet(lab);
    const askedTooEarly = lab.inProcess?.requests.matching("GET", new RegExp(digest));
    clock.skip(16_000);
    await quiet(lab);

    expect(failed?.state).toMatchObject({ kind: "waiting", putOff: { failure: "registry-unavailable" } });
    expect(failed?.state.putOff?.detail).toContain("429");
    expect(askedTooEarly).toEqual([]);
    await expectScannedOnce(lab, pushed);
  });
});

describe("an image that is gone is told as gone", () => {
  it("deleted before its scan", async () => {
    const made = await lodashImage("short-lived");
    breakOn(made, "manifests", { kind: "answer", status: 503 });
    const pushed = await push(lab.registry.url, "shop/short-lived", made);
    await quiet(lab);

    await deleteManifest(lab.registry.url, "shop/short-lived", pushed.digest);
    lab.inProcess?.faults.clear();
    clock.skip(16_000);
    await quiet(lab);

    expect((await readImage(lab, pushed))?.state).toMatchObject({ kind: "gone" });
    expect(typesToldAbout(lab, pushed)).toEqual(["dev.tidewatch.image.gone"]);
  });

  it("deleted between the look at its manifest and Trivy's pull; pushed again, it is scanned", async () => {
    const made = await lodashImage("returning");
    const unknown = { kind: "answer", status: 404, body: '{"errors":[{"code":"BLOB_UNKNOWN","message":""}]}' } as const;
    breakOn(made, "layer", unknown);
    const pushed = await push(lab.registry.url, "shop/returning", made);
    await quiet(lab);
    const gone = await readImage(lab, pushed);

    lab.inProcess?.faults.clear();
    await push(lab.registry.url, "shop/returning", made, { tags: ["1.0"] });
    await quiet(lab);

    expect(gone?.state.kind).toBe("gone");
    expect((await readImage(lab, pushed))?.state.kind).toBe("scanned");
    expect(typesToldAbout(lab, pushed)).toEqual(["dev.tidewatch.image.gone", "dev.tidewatch.findings.changed"]);
  });
});

describe("an image that fails to the last attempt", () => {
  it("is failed in the API and in one alert; pushed again, it is scanned", async () => {
    const made = await lodashImage("hopeless");
    breakOn(made, "layer", { kind: "corrupt" });
    const pushed = await push(lab.registry.url, "shop/hopeless", made);
    await quiet(lab);
    clock.skip(16_000);
    await quiet(lab);
    const failed = await readImage(lab, pushed);

    lab.inProcess?.faults.clear();
    await push(lab.registry.url, "shop/hopeless", made);
    await quiet(lab);

    expect(failed?.state).toMatchObject({ kind: "failed", failure: "digest-mismatch", attempts: 2 });
    expect(failed?.scan).toBeUndefined();
    expect((await readImage(lab, pushed))?.state.kind).toBe("scanned");
    expect(typesToldAbout(lab, pushed)).toEqual(["dev.tidewatch.scan.failed", "dev.tidewatch.findings.changed"]);
  });
});

function breakOn(image: Image, where: "manifests" | "layer", fault: Fault): void {
  const path = where === "layer" ? layerPath(image) : new RegExp(`/manifests/${image.descriptor.digest}`);
  lab.inProcess?.faults.add({ method: "GET", path, fault });
}

function repositoryOf(what: string): string {
  return what.toLowerCase().replaceAll(" ", "-");
}
