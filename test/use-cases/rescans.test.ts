import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ImageReference } from "../../shared/domain/image-reference.ts";
import { parseRepository } from "../../shared/domain/image-reference.ts";
import type { Puller } from "../../shared/domain/registry-event.ts";
import { nextScanAt } from "../../shared/domain/rescan-policy.ts";
import { push } from "../support/images/push.ts";
import { alpineImage } from "../support/images/sample-images.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

const hour = 3_600_000;
const day = 24 * hour;

let workshop: Workshop;
let start: number;

beforeEach(async () => {
  workshop = await openWorkshop();
  start = workshop.clock.now().getTime();
});

afterEach(async () => {
  await workshop[Symbol.asyncDispose]();
});

async function pushImage(name: string): Promise<ImageReference> {
  const repository = parseRepository(name);
  const { digest } = await push(workshop.registry.url, repository, await alpineImage());
  const image = { registry: workshop.registry.host, repository, digest };
  await workshop.host.acceptRegistryEvent({ kind: "pushed", ...image, occurredAt: workshop.clock.now() });
  await workshop.work();
  return image;
}

async function pull(image: ImageReference, puller: Puller): Promise<void> {
  await workshop.host.acceptRegistryEvent({ kind: "pulled", ...image, puller, occurredAt: workshop.clock.now() });
}

/** Lets hours pass; at the full hour the timer runs and the queue is worked off, as the functions do. */
async function passHours(hours: number, eachHour: (hoursSinceStart: number) => Promise<void> = async () => undefined) {
  for (let passed = 0; passed < hours; passed += 1) {
    await workshop.clock.advance(hour);
    await eachHour((workshop.clock.now().getTime() - start) / hour);
    await workshop.host.requestDueRescans();
    await workshop.work();
  }
}

/** Days since the start at which an image was scanned. */
function scanDays(image: ImageReference): readonly number[] {
  return workshop.scanner.begun
    .filter((scan) => scan.image.repository === image.repository)
    .map(({ at }) => (at.getTime() - start) / day);
}

describe("through 40 days", () => {
  it("each image is scanned every 7 days while it is in use, and not at all once it left the window", async () => {
    const node = { identity: "kubelet", userAgent: "containerd/2.1" };
    const onlyPushed = await pushImage("only/pushed");
    const pulledOnDay20 = await pushImage("pulled/on-day-20");
    const pulledByScanners = await pushImage("pulled/by-scanners");
    const returnsOnDay37 = await pushImage("returns/on-day-37");

    await passHours(40 * 24, async (hours) => {
      if (hours === 20 * 24) await pull(pulledOnDay20, node);
      if (hours === 37 * 24 + 12) await pull(returnsOnDay37, node);
      if (hours % 24 !== 0) return;
      await pull(pulledByScanners, { identity: "scanner", userAgent: "containerd/2.1" });
      await pull(pulledByScanners, { userAgent: "trivy/0.74.0" });
      await pull(pulledByScanners, { userAgent: "tidewatch/0.1.0" });
      await pull(pulledByScanners, { userAgent: "MDCContainersSecurity/1.0" });
    });

    expect(scanDays(onlyPushed)).toEqual([0, 7, 14, 21, 28]);
    expect(scanDays(pulledOnDay20)).toEqual([0, 7, 14, 21, 28, 35]);
    expect(scanDays(pulledByScanners)).toEqual([0, 7, 14, 21, 28]);
    expect(scanDays(returnsOnDay37)).toEqual([0, 7, 14, 21, 28, 37.5]);
  });
});

describe("an image", () => {
  it("shows why it is in use and when it is next due", async () => {
    const image = await pushImage("team/web");
    await workshop.clock.advance(2 * day);
    await pull(image, { identity: "kubelet", userAgent: "containerd/2.1" });

    const record = await workshop.read(image);

    expect(record?.lastPuller).toEqual({ identity: "kubelet", userAgent: "containerd/2.1" });
    expect(record && nextScanAt(record, workshop.parts.policy)).toEqual(new Date(start + 7 * day));
  });

  it("that was only ever pulled, never announced, is discovered by its pull", async () => {
    const repository = parseRepository("never/announced");
    const { digest } = await push(workshop.registry.url, repository, await alpineImage());
    const image = { registry: workshop.registry.host, repository, digest };

    await pull(image, { userAgent: "containerd/2.1" });
    await workshop.work();

    expect((await workshop.read(image))?.scan?.reason).toBe("discovered");
  });

  it("whose last attempt failed is tried again like the others", async () => {
    workshop.scanner.outcomes.push(
      ...Array.from({ length: 3 }, () => ({ kind: "failed", failure: "timeout", detail: "slow" }) as const),
    );
    const image = await pushImage("team/web");
    await passHours(2);
    const failed = (await workshop.read(image))?.state.kind;

    await passHours(7 * 24 + 1);

    expect(failed).toBe("failed");
    expect((await workshop.read(image))?.state.kind).toBe("scanned");
  });
});

it("one run queues 450 due images once each, spread over the hour", async () => {
  await workshop[Symbol.asyncDispose]();
  workshop = await openWorkshop({ spreadMs: hour });
  start = workshop.clock.now().getTime();
  const image = await pushImage("team/web");
  const record = await workshop.read(image);
  if (record === undefined) throw new Error("It was scanned.");
  for (let number = 1; number < 450; number += 1) {
    const repository = parseRepository(`team/copy-${number.toString()}`);
    const copy = { ...record, id: `${record.id}${number.toString()}`, image: { ...image, repository } };
    await workshop.parts.images.write(copy, "new");
  }
  await workshop.clock.advance(7 * day);

  const first = await workshop.host.requestDueRescans();
  const second = await workshop.host.requestDueRescans();
  const atOnce = await workshop.work();
  await workshop.clock.advance(hour / 2);
  const inHalfAnHour = await workshop.work();

  expect([first.requested, second.requested]).toEqual([450, 0]);
  expect(atOnce.length).toBeLessThan(10);
  expect(atOnce.length + inHalfAnHour.length).toBeGreaterThan(200);
  expect(atOnce.length + inHalfAnHour.length).toBeLessThan(250);
});
