import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { eventually } from "../end-to-end/eventually.ts";
import { quiet } from "../end-to-end/quiet.ts";
import { realTrivy } from "../end-to-end/real-trivy.ts";
import { foundation } from "../fixtures/advisories/foundation.ts";
import { push, type PushedManifest } from "../support/images/push.ts";
import { multiPlatformIndex, nodeImage } from "../support/images/sample-images.ts";
import { windowsImage } from "../support/images/unscannable-images.ts";
import { startLab, type Lab } from "../support/lab.ts";

let lab: Lab;
let web: PushedManifest;
let index: PushedManifest;
let windows: PushedManifest;

beforeAll(async () => {
  lab = await startLab({ trivy: realTrivy(), advisories: foundation });
  web = await push(lab.registry.url, "shop/web", await nodeImage(), { tags: ["1.0", "latest"] });
  index = await push(lab.registry.url, "shop/edge", await multiPlatformIndex(), { tags: ["2.0"] });
  windows = await push(lab.registry.url, "shop/desktop", await windowsImage(), { tags: ["3.0"] });
  await quiet(lab);
});
afterAll(() => lab[Symbol.asyncDispose]());

describe("an image that Trivy has scanned", () => {
  it("comes with its verdict, how old its database is, and when it is looked at next", async () => {
    const image = await imageOf(web);
    const { items } = Findings.parse((await lab.call(`/api/images/${image.id}/findings`)).body);

    expect(image).toMatchObject({
      reference: `${lab.registry.host}/shop/web@${web.digest}`,
      tags: ["1.0", "latest"],
      platform: "linux/amd64",
      state: { kind: "scanned" },
      scan: {
        reason: "pushed",
        scanner: { name: "trivy", version: "0.74.0" },
        database: { updatedAt: "2026-11-01T00:00:00.000Z" },
        operatingSystem: { family: "debian", endOfLife: false },
        counts: countBySeverity(items),
      },
    });
    expect(items.length).toBeGreaterThan(5);
    const { lastCheckedAt, nextScanAt } = Dates.parse(image);
    expect(nextScanAt.getTime() - lastCheckedAt.getTime()).toBe(7 * 24 * 60 * 60 * 1000);
  });

  it("can be asked for what is severe and can be mended", async () => {
    const { id } = await imageOf(web);

    const { body } = await lab.call(`/api/images/${id}/findings?severity=critical&fixable=true`);

    expect(Findings.parse(body).items).toEqual([expect.objectContaining({ vulnerabilityId: "CVE-2021-44906" })]);
  });

  it("is found by a vulnerability's alias", async () => {
    const { body } = await lab.call("/api/vulnerabilities/ghsa-35jh-r3h4-6jhm/images");

    expect(body).toMatchObject({
      items: [
        {
          image: { repository: "shop/web", digest: web.digest },
          findings: [{ vulnerabilityId: "CVE-2021-23337", remediation: "Upgrade lodash 4.17.20 to 4.17.21." }],
        },
      ],
    });
  });

  it("says who pulled it last: why it counts as in use", async () => {
    await fetch(`${lab.registry.url}/v2/shop/web/manifests/${web.digest}`, {
      headers: { "user-agent": "containerd/2.1", accept: web.mediaType },
    });

    await eventually(async () => {
      expect(await imageOf(web)).toMatchObject({ lastPuller: { userAgent: "containerd/2.1" } });
    });
  });

  it("is scanned again when somebody asks", async () => {
    const body = JSON.stringify({ image: `${lab.registry.host}/shop/web:latest` });

    const asked = await lab.call("/api/scans", { method: "POST", body });
    await quiet(lab);

    expect(asked).toEqual({ status: 202, body: { id: (await imageOf(web)).id } });
    expect(await imageOf(web)).toMatchObject({ state: { kind: "scanned" }, scan: { reason: "asked" } });
  });
});

describe("what has no verdict", () => {
  it("says why, and shows no number that could read as one", async () => {
    const image = await imageOf(windows);
    const findings = await lab.call(`/api/images/${image.id}/findings`);

    expect(image.state).toMatchObject({ kind: "unscannable", reason: "windows" });
    expect(JSON.stringify(image)).not.toMatch(/counts|packageCount/);
    expect(findings).toMatchObject({ status: 409, body: { title: "Conflict" } });
    expect(JSON.stringify(findings.body)).toContain("cannot be judged (windows)");
  });

  it("leads on: an index names its manifests, and they name it", async () => {
    const { state } = await imageOf(index);
    const { body } = await lab.call("/api/images?repository=shop/edge&state=scanned");

    const { items } = Images.parse(body);

    expect(items.map(({ platform }) => platform).sort()).toEqual(["linux/amd64", "linux/arm/v7", "linux/arm64/v8"]);
    for (const { digest, indexes } of items) {
      expect(indexes).toEqual([index.digest]);
      expect(state.manifests).toContain(digest);
    }
  });
});

type ImageJson = z.output<typeof ImageJson>;

const ImageJson = z.looseObject({
  id: z.string(),
  digest: z.string(),
  platform: z.string().optional(),
  indexes: z.array(z.string()),
  state: z.looseObject({ kind: z.string(), manifests: z.array(z.string()).optional() }),
});

const Images = z.object({ items: z.array(ImageJson) });
const Findings = z.object({ items: z.array(z.looseObject({ severity: z.string() })) });
const Dates = z.object({ lastCheckedAt: z.coerce.date(), nextScanAt: z.coerce.date() });

async function imageOf({ repository, digest }: PushedManifest): Promise<ImageJson> {
  const { items } = Images.parse((await lab.call(`/api/images?repository=${repository}`)).body);
  const image = items.find((each) => each.digest === digest);
  if (image === undefined) throw new Error(`${repository}@${digest} is not on record.`);
  const alone = ImageJson.parse((await lab.call(`/api/images/${image.id}`)).body);
  expect(alone).toEqual(image);
  return alone;
}

function countBySeverity(findings: readonly { readonly severity: string }[]): Record<string, number> {
  const counts: Record<string, number> = { unknown: 0, low: 0, medium: 0, high: 0, critical: 0 };
  for (const { severity } of findings) counts[severity] = (counts[severity] ?? 0) + 1;
  return counts;
}
