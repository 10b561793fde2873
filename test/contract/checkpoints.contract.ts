import { expect, it } from "vitest";

import type { Checkpoints } from "../../shared/ports/checkpoints.ts";

/** @param open gives an empty store for one test */
export function checkpointsContract(open: () => Promise<Checkpoints>): void {
  it("gives back what was written, whatever JSON it is", async () => {
    const checkpoints = await open();
    const values = { object: { at: "2026-11-21", list: [1, null] }, text: "é", nothing: null, zero: 0 };

    for (const [name, value] of Object.entries(values)) await checkpoints.write(name, value, "new");

    for (const [name, value] of Object.entries(values)) expect((await checkpoints.read(name))?.value).toEqual(value);
  });

  it("knows none that was never written", async () => {
    expect(await (await open()).read("walk")).toBeUndefined();
  });

  it("lets only the first of two writers who read the same go on", async () => {
    const checkpoints = await open();
    const first = await checkpoints.write("walk", 1, "new");
    if (first.kind !== "written") throw new Error("The first write has to succeed.");

    const ends = await Promise.all([
      checkpoints.write("walk", 2, first.etag),
      checkpoints.write("walk", 3, first.etag),
      checkpoints.write("walk", 4, "new"),
    ]);

    expect(ends.map(({ kind }) => kind)).toEqual(["written", "conflict", "conflict"]);
    expect((await checkpoints.read("walk"))?.value).toBe(2);
  });

  it("gives out the etag under which the next write succeeds", async () => {
    const checkpoints = await open();
    await checkpoints.write("walk", 1, "new");

    const read = await checkpoints.read("walk");
    const end = await checkpoints.write("walk", 2, read?.etag ?? "new");

    expect(end.kind).toBe("written");
  });

  it("refuses more than a document may hold, and names that are none", async () => {
    const checkpoints = await open();

    await expect(checkpoints.write("walk", "x".repeat(2_100_000), "new")).rejects.toThrow("larger than");
    await expect(checkpoints.write("Walk of all", 1, "new")).rejects.toThrow("Not a name of a checkpoint");
  });
}
