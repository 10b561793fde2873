import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { parseRepository, parseTag, type ImageReference } from "../../shared/domain/image-reference.ts";
import type { OutboxEntry } from "../../shared/domain/outbox-entry.ts";
import { buildHost, type HostParts } from "../../shared/hosts/host.ts";
import type { Manifest } from "../support/images/descriptor.ts";
import { multiPlatformIndex } from "../support/images/sample-images.ts";
import { push } from "../support/images/push.ts";
import { aFinding, manyFindings } from "../support/samples.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

let workshop: Workshop;

let threePlatforms: Manifest;

beforeAll(async () => {
  threePlatforms = await multiPlatformIndex();
});

beforeEach(async () => {
  workshop = await openWorkshop();
  workshop.scanner.findings = [aFinding()];
});

afterEach(async () => {
  await workshop[Symbol.asyncDispose]();
});

describe("an index of three platforms that is pushed", () => {
  it("is told in one alert, which lists the platforms and where each finding is", async () => {
    const index = await pushIndex();
    await workshop.work();

    expect(await told()).toMatchObject([
      {
        type: "dev.tidewatch.findings.changed",
        subject: `team/web@${index.digest}`,
        data: {
          tags: ["1.0"],
          platforms: [{ platform: "linux/amd64" }, { platform: "linux/arm64/v8" }, { platform: "linux/arm/v7" }],
          findings: [{ platforms: ["linux/amd64", "linux/arm64/v8", "linux/arm/v7"] }],
        },
      },
    ]);
    expect(await workshop.parts.images.heldOutbox(10)).toEqual([]);
  });

  it("under ten tags is one alert that lists them", async () => {
    const index = await pushIndex();
    const tags = Array.from({ length: 10 }, (_, number) => `1.${number.toString()}`);
    for (const tag of tags) await announce(index, tag);
    await workshop.work();

    const [alert, ...others] = await told();

    expect(others).toEqual([]);
    expect(alert?.data.tags.toSorted()).toEqual(tags);
  });

  it("is answered once when nothing was found in any of them", async () => {
    workshop.scanner.findings = [];
    await pushIndex();
    await workshop.work();

    expect(await told()).toMatchObject([{ type: "dev.tidewatch.scan.completed", data: { platforms: [{}, {}, {}] } }]);
  });

  it("is told whole when its findings do not fit into one message", async () => {
    workshop.scanner.findings = manyFindings(2000);
    await pushIndex();
    await workshop.work();

    const alerts = await told();

    const ids = alerts.flatMap(({ data }) => data.findings ?? []).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2000);
    expect(ids).toHaveLength(2000);
    expect(new Set(alerts.map(({ subject }) => subject)).size).toBe(1);
  });

  it("waits for none that fails: that is told at once, and the others together", async () => {
    workshop.scanner.outcomes.push({ kind: "unscannable", reason: "no-packages", detail: "Nothing in it." });
    await pushIndex();
    await workshop.work();

    const alerts = await told();

    expect(alerts.map(({ type }) => type)).toEqual([
      "dev.tidewatch.image.unscannable",
      "dev.tidewatch.findings.changed",
    ]);
    expect(alerts[1]?.data.platforms).toHaveLength(2);
  });

  it("is told after ten minutes with what there is, and the rest when it is there", async () => {
    workshop.scanner.outcomes.push({ kind: "failed", failure: "registry-unavailable", detail: "Busy." });
    await pushIndex();
    await workshop.work();
    const early = await told();

    await workshop.clock.advance(10 * 60_000 - 1);
    await workshop.host.tellHeld();
    const justBefore = await told();
    await workshop.clock.advance(1);
    await workshop.host.tellHeld();
    const due = await told();
    await workshop.clock.advance(60 * 60_000);
    await workshop.work();
    const late = await told();

    expect([early, justBefore]).toEqual([[], []]);
    expect(due.map(({ data }) => data.platforms?.length)).toEqual([2]);
    expect(late.map(({ data }) => data.platforms?.length)).toEqual([1]);
    expect(late[0]?.id).not.toBe(due[0]?.id);
  });
});

describe("an end at any step, and the timer afterwards, lead to exactly one alert", () => {
  const steps = {
    "before anything": (parts) => ({ ...parts, images: { ...parts.images, heldOutbox: fails } }),
    "before the alert is in the outbox of the index": (parts) => ({
      ...parts,
      images: {
        ...parts.images,
        write: async (record, ...rest) => (record.announced ? fails() : parts.images.write(record, ...rest)),
      },
    }),
    "right after it is": (parts) => ({
      ...parts,
      images: {
        ...parts.images,
        write: async (record, ...rest) => {
          const written = await parts.images.write(record, ...rest);
          return record.announced ? fails() : written;
        },
      },
    }),
    "before the entries of the platforms are deleted": (parts) => ({
      ...parts,
      images: {
        ...parts.images,
        removeOutbox: async (entries) => (entries.some(isHeld) ? fails() : parts.images.removeOutbox(entries)),
      },
    }),
    "before it is published": (parts) => ({ ...parts, alerts: { publish: fails } }),
    "after it is published and before that is noted": (parts) => ({
      ...parts,
      images: {
        ...parts.images,
        removeOutbox: async (entries) =>
          entries.some((entry) => entry.kind !== "sbom" && !isHeld(entry))
            ? fails()
            : parts.images.removeOutbox(entries),
      },
    }),
  } satisfies Record<string, (parts: HostParts) => HostParts>;

  it.each(Object.entries(steps))("%s", async (_, broken) => {
    await pushIndex();
    await workWith(broken(workshop.parts));

    await afterwards();

    const alerts = await told();
    expect(new Set(alerts.map(({ id }) => id)).size).toBe(1);
    expect(alerts[0]?.data.platforms).toHaveLength(3);
    expect(await workshop.parts.images.heldOutbox(10)).toEqual([]);
    expect(await workshop.parts.images.pendingOutbox(10)).toEqual([]);
  });

  it("also when its findings are too many for the transaction", async () => {
    workshop.scanner.findings = manyFindings(2000);
    await pushIndex();
    await workWith(steps["right after it is"](workshop.parts));

    await afterwards();

    const findings = (await told()).flatMap(({ data }) => data.findings ?? []);
    expect(new Set(findings.map(({ id }) => id)).size).toBe(2000);
  });
});

it("what was told before an end is not told again with what comes later", async () => {
  workshop.scanner.outcomes.push({ kind: "failed", failure: "registry-unavailable", detail: "Busy." });
  await pushIndex();
  await workshop.work();
  await workshop.clock.advance(10 * 60_000);
  const interrupted = buildHost({ ...workshop.parts, images: { ...workshop.parts.images, removeOutbox: fails } });

  await expect(interrupted.tellHeld()).rejects.toThrow("The process has ended here.");
  await workshop.clock.advance(60 * 60_000);
  await afterwards();

  const alerts = await told();
  expect(alerts.map(({ data }) => data.platforms?.length).toSorted()).toEqual([1, 2]);
});

it("several that tell the same index at once tell it once", async () => {
  const broken = { ...workshop.parts, images: { ...workshop.parts.images, heldOutbox: fails } };
  await pushIndex();
  await workWith(broken);

  await Promise.all(Array.from({ length: 8 }, () => workshop.host.tellHeld()));

  expect(await told()).toHaveLength(1);
});

function isHeld(entry: OutboxEntry): boolean {
  return entry.kind !== "sbom" && entry.held !== undefined;
}

async function fails(): Promise<never> {
  throw new Error("The process has ended here.");
}

async function pushIndex(): Promise<ImageReference> {
  const repository = parseRepository("team/web");
  const { digest } = await push(workshop.registry.url, repository, threePlatforms);
  const image = { registry: workshop.registry.host, repository, digest };
  await announce(image, "1.0");
  return image;
}

async function announce(image: ImageReference, tag: string): Promise<void> {
  const event = { kind: "pushed", ...image, tag: parseTag(tag), occurredAt: workshop.clock.now() } as const;
  await workshop.host.acceptRegistryEvent(event);
}

/** Works through the queue as a process would that ends whenever the given parts fail: the message comes again. */
async function workWith(parts: HostParts): Promise<void> {
  const host = buildHost(parts);
  for (let delivery = 0; delivery < 20; delivery += 1) {
    const ended = await workshop.work(host).catch(() => undefined);
    if (ended !== undefined) return;
  }
}

async function afterwards(): Promise<void> {
  await workshop.work();
  await workshop.clock.advance(10 * 60_000);
  await workshop.work();
  await workshop.host.tellHeld();
  await workshop.host.relayOutbox();
}

const Told = z.object({
  id: z.string(),
  type: z.string(),
  subject: z.string(),
  data: z.looseObject({
    tags: z.array(z.string()),
    platforms: z.array(z.looseObject({})).optional(),
    findings: z.array(z.looseObject({ id: z.string() })).optional(),
  }),
});

async function told(): Promise<readonly z.output<typeof Told>[]> {
  return (await workshop.alerts()).map(({ event }) => Told.parse(JSON.parse(event)));
}
