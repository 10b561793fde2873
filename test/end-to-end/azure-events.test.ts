import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { foundation } from "../fixtures/advisories/foundation.ts";
import { deleteManifest } from "../support/images/delete-manifest.ts";
import { push, type PushedManifest } from "../support/images/push.ts";
import { alpineImage, goImage, nodeImage, pythonImage, rockyImage } from "../support/images/sample-images.ts";
import { startLab, type Lab } from "../support/lab.ts";
import { quiet } from "./quiet.ts";
import { readFindings, readImage, readImages } from "./read-api.ts";
import { realTrivy } from "./real-trivy.ts";
import { asCloudEvent, imageDeleted, imagePushed, postEvents, postEventText } from "./registry-events.ts";
import { typesToldAbout } from "./told-about.ts";

let lab: Lab;

beforeAll(async () => {
  lab = await startLab({ trivy: realTrivy(), advisories: foundation, notifying: false });
});

afterAll(() => lab[Symbol.asyncDispose]());

describe("events of Azure Container Registry, delivered by Event Grid", () => {
  it("an image pushed, in Event Grid's own schema: scanned and announced", async () => {
    const pushed = await push(lab.registry.url, "shop/web", await nodeImage(), { tags: ["1.0"] });

    const status = await postEvents(lab, [imagePushed(lab, { ...pushed, tag: "1.0" })]);
    await quiet(lab);

    expect(status).toBe(202);
    await expectScanned(pushed, "CVE-2021-23337", ["1.0"]);
  });

  it("an image pushed, as a CloudEvent: scanned and announced", async () => {
    const pushed = await push(lab.registry.url, "shop/gateway", await goImage(), { tags: ["5.0"] });
    const event = asCloudEvent(imagePushed(lab, { ...pushed, tag: "5.0" }));

    const { status } = await postEventText(lab, JSON.stringify(event), { contentType: "application/cloudevents+json" });
    await quiet(lab);

    expect(status).toBe(202);
    await expectScanned(pushed, "CVE-2023-45288", ["5.0"]);
  });

  it("a batch of both schemas and of a type that is not ours: each image is scanned", async () => {
    const alpine = await push(lab.registry.url, "base/alpine", await alpineImage(), { tags: ["3.19"] });
    const rocky = await push(lab.registry.url, "base/rocky", await rockyImage(), { tags: ["9.4"] });
    const chart = { ...imagePushed(lab, alpine), eventType: "Microsoft.ContainerRegistry.ChartPushed" };

    const status = await postEvents(lab, [
      imagePushed(lab, { ...alpine, tag: "3.19" }),
      chart,
      asCloudEvent(imagePushed(lab, { ...rocky, tag: "9.4" })),
    ]);
    await quiet(lab);

    expect(status).toBe(202);
    await expectScanned(alpine, "CVE-2023-42366", ["3.19"]);
    await expectScanned(rocky, "CVE-2024-6119", ["9.4"]);
    expect(await deadLetters()).toEqual([]);
  });

  it("an event without a digest: the tag is looked up", async () => {
    const pushed = await push(lab.registry.url, "shop/recommendations", await pythonImage(), { tags: ["0.9"] });

    const status = await postEvents(lab, [imagePushed(lab, { repository: "shop/recommendations", tag: "0.9" })]);
    await quiet(lab);

    expect(status).toBe(202);
    await expectScanned(pushed, "CVE-2024-22195", ["0.9"]);
  });

  it("an image deleted: it is gone, and that is told once; of one that is still there nothing changes", async () => {
    const { digest } = await push(lab.registry.url, "shop/old", await alpineImage(), { tags: ["0.1"] });
    const event = imageDeleted(lab, { repository: "shop/old", digest });
    await postEvents(lab, [imagePushed(lab, { repository: "shop/old", digest, tag: "0.1" })]);
    await quiet(lab);

    await postEvents(lab, [event]);
    await quiet(lab);
    const [still] = await readImages(lab, "repository=shop/old");
    await deleteManifest(lab.registry.url, "shop/old", digest);
    await postEvents(lab, [{ ...event, data: { ...event.data, timestamp: new Date().toISOString() } }]);
    await quiet(lab);

    expect(still?.state.kind).toBe("scanned");
    expect(await readImages(lab, "repository=shop/old")).toMatchObject([{ state: { kind: "gone" } }]);
    expect(typesToldAbout(lab, { repository: "shop/old", digest })).toEqual([
      "dev.tidewatch.findings.changed",
      "dev.tidewatch.image.gone",
    ]);
  });

  it("the validation handshake is answered with its code", async () => {
    const validation = {
      ...imagePushed(lab, { repository: "a/b" }),
      eventType: "Microsoft.EventGrid.SubscriptionValidationEvent",
      data: { validationCode: "512d38b6-c7b8-40c8-89fe-f46f9e9622b6" },
    };

    const response = await postEventText(lab, JSON.stringify([validation]), { type: "SubscriptionValidation" });

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ validationResponse: "512d38b6-c7b8-40c8-89fe-f46f9e9622b6" });
  });

  it.each([
    ["no key", ""],
    ["a guessed key", "guess"],
  ])("%s: 401, and nothing is taken", async (_, key) => {
    const { digest } = await push(lab.registry.url, "shop/stranger", await alpineImage());

    const status = await postEvents(lab, [imagePushed(lab, { repository: "shop/stranger", digest })], { key });
    await quiet(lab);

    expect(status).toBe(401);
    expect(await readImages(lab, "repository=shop/stranger")).toEqual([]);
  });
});

async function expectScanned(pushed: PushedManifest, vulnerabilityId: string, tags: readonly string[]): Promise<void> {
  const image = await readImage(lab, pushed);
  expect(image).toMatchObject({ state: { kind: "scanned" }, tags, scan: { reason: "pushed" } });
  const findings = image === undefined ? [] : await readFindings(lab, image);
  expect(findings.map((finding) => finding.vulnerabilityId)).toContain(vulnerabilityId);
  expect(typesToldAbout(lab, pushed)).toEqual(["dev.tidewatch.findings.changed"]);
}

async function deadLetters() {
  return (await lab.tidewatch.host.listDeadLetters({}, { limit: 100 })).items;
}
