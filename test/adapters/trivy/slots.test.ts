import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSlots } from "../../../shared/adapters/trivy/slots.ts";

const WHOLE = { broken: false };

describe("slots", () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "slots-"));
  });

  afterEach(() => rm(directory, { recursive: true, force: true }));

  it("are lent to one at a time, in the order of asking", async () => {
    const slots = await openSlots(directory, 1, 1000);
    const order: number[] = [];

    const first = await slots.take();
    const others = [1, 2, 3].map(async (number) => {
      const slot = await slots.take();
      order.push(number);
      await slot?.release(WHOLE);
    });
    await first?.release(WHOLE);
    await Promise.all(others);

    expect(order).toEqual([1, 2, 3]);
  });

  it("are not lent to who has given up waiting", async () => {
    const slots = await openSlots(directory, 1, 1000);
    const first = await slots.take();
    const gaveUp = new AbortController();

    const waiting = slots.take(gaveUp.signal);
    gaveUp.abort();
    await first?.release(WHOLE);

    expect(await waiting).toBeUndefined();
    expect(await slots.take(AbortSignal.abort())).toBeUndefined();
    expect(await slots.take()).toBeDefined();
  });

  it("leave nothing of a time when there were more of them", async () => {
    const three = await openSlots(directory, 3, 1000);
    for (let count = 0; count < 3; count += 1) await three.take();

    await openSlots(directory, 1, 1000);

    expect(await readdir(directory)).toEqual(["slot-1"]);
  });

  it.each([
    ["stays", WHOLE, 10, ["fanal.db"]],
    ["is emptied when it may be broken", { broken: true }, 10, []],
    ["is emptied when it is over its share", WHOLE, 600, []],
  ])("keep a layer cache that %s", async (_, state, bytes, expected) => {
    const slots = await openSlots(directory, 2, 1000);
    const slot = await slots.take();
    await writeFile(join(slot?.layerCache ?? "", "fanal.db"), "x".repeat(bytes));

    await slot?.release(state);

    const again = await slots.take();
    expect(await readdir(again?.layerCache ?? "")).toEqual(expected);
  });
});
