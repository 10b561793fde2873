import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { foundation } from "../fixtures/advisories/foundation.ts";
import { push } from "../support/images/push.ts";
import { alpineImage, nodeImage, pythonImage } from "../support/images/sample-images.ts";
import { startLab, type Lab } from "../support/lab.ts";
import { quiet } from "./quiet.ts";
import { readImage, readImages } from "./read-api.ts";
import { imagePushed, postEvents } from "./registry-events.ts";
import { scriptedTrivy, type ScriptedTrivy } from "./scripted-trivy.ts";
import { toldAbout } from "./told-about.ts";

let trivy: ScriptedTrivy;
let lab: Lab;

beforeAll(async () => {
  trivy = await scriptedTrivy();
  lab = await startLab({
    trivy: trivy.binary,
    advisories: foundation,
    settings: { scanner: { isolation: "off" } },
  });
});

afterAll(async () => {
  await lab[Symbol.asyncDispose]();
  await trivy[Symbol.asyncDispose]();
});

describe("however often an image is announced, Trivy runs once", () => {
  it("the same digest under ten tags: one scan, one webhook, ten tags", async () => {
    const tags = Array.from({ length: 10 }, (_, index) => `1.0.${index}`);
    const pushed = await push(lab.registry.url, "shop/web", await nodeImage(), { tags });
    await quiet(lab);

    expect(await scansOf(pushed.digest)).toBe(1);
    expect(toldAbout(lab, pushed)).toHaveLength(1);
    expect((await readImage(lab, pushed))?.tags.toSorted()).toEqual(tags);
  });

  it("ten tags that are pushed at the same time: one scan, one webhook, ten tags", async () => {
    const image = await pythonImage();
    const tags = Array.from({ length: 10 }, (_, index) => `2.0.${index}`);
    const pushed = await push(lab.registry.url, "shop/recommendations", image);
    await Promise.all(tags.map((tag) => push(lab.registry.url, "shop/recommendations", image, { tags: [tag] })));
    await quiet(lab);

    expect(await scansOf(pushed.digest)).toBe(1);
    expect(toldAbout(lab, pushed)).toHaveLength(1);
    expect((await readImage(lab, pushed))?.tags.toSorted()).toEqual(tags);
  });

  it("the same event of Azure five times, one after another and at once: one scan, one webhook", async () => {
    const pushed = await push(lab.registry.url, "base/alpine", await alpineImage(), { tags: ["3.19.1"] });
    const event = imagePushed(lab, { ...pushed, tag: "3.19.1" });

    const statuses: number[] = [];
    for (const events of [[event], [event], [event, event, event]]) statuses.push(await postEvents(lab, events));
    await quiet(lab);
    statuses.push(await postEvents(lab, [event]));
    await quiet(lab);

    expect(statuses).toEqual([202, 202, 202, 202]);
    expect(await scansOf(pushed.digest)).toBe(1);
    expect(toldAbout(lab, pushed)).toHaveLength(1);
    expect(await readImages(lab, "repository=base/alpine")).toHaveLength(1);
  });

  it("control: a person who asks gets a second scan", async () => {
    const { digest } = await push(lab.registry.url, "base/alpine", await alpineImage());
    await quiet(lab);
    const before = await scansOf(digest);

    const image = `${lab.registry.host}/base/alpine@${digest}`;
    const { status } = await lab.call("/api/scans", { method: "POST", body: JSON.stringify({ image }) });
    await quiet(lab);

    expect(status).toBe(202);
    expect(await scansOf(digest)).toBe(before + 1);
  });
});

async function scansOf(digest: string): Promise<number> {
  return (await trivy.scans()).filter(({ image }) => image.endsWith(digest)).length;
}
