import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { watchForLull } from "../../../shared/adapters/trivy/running/lull.ts";

const quietMs = 100;

describe("a lull", () => {
  it("is there at once while nothing has run", async () => {
    expect(await millisecondsOf(watchForLull({ quietMs: 10_000 }).come())).toBeLessThan(1000);
  });

  it("comes when all urgent work has ended and it has been quiet for a while", async () => {
    const lull = watchForLull({ quietMs });
    const first = Promise.withResolvers<undefined>();
    const second = Promise.withResolvers<undefined>();
    const seen: string[] = [];
    const work = [lull.urgent(() => first.promise), lull.urgent(() => second.promise)];
    const come = lull.come().then(() => void seen.push("lull"));

    first.resolve(undefined);
    await setTimeout(3 * quietMs);
    seen.push("the last work ends");
    const endedAt = performance.now();
    second.resolve(undefined);
    await Promise.all([...work, come]);

    expect(seen).toEqual(["the last work ends", "lull"]);
    expect(performance.now() - endedAt).toBeGreaterThanOrEqual(quietMs - 2);
  });

  it("comes after urgent work that failed, too, and gives its error on", async () => {
    const lull = watchForLull({ quietMs });

    const failed = lull.urgent(async () => {
      throw new Error("out of luck");
    });

    await expect(failed).rejects.toThrow("out of luck");
    expect(await millisecondsOf(lull.come())).toBeLessThan(10 * quietMs);
  });

  it("is not waited for for ever", async () => {
    const lull = watchForLull({ quietMs: 50, patienceMs: 200 });
    const never = Promise.withResolvers<undefined>();
    void lull.urgent(() => never.promise);

    expect(await millisecondsOf(lull.come())).toBeGreaterThanOrEqual(198);
    never.resolve(undefined);
  });

  it("is not waited for by who has been called off", async () => {
    const lull = watchForLull({ quietMs: 60_000 });
    await lull.urgent(async () => undefined);
    const calledOff = new AbortController();

    const waited = millisecondsOf(lull.come(calledOff.signal));
    calledOff.abort();

    expect(await waited).toBeLessThan(5000);
  });
});

async function millisecondsOf(work: Promise<void>): Promise<number> {
  const began = performance.now();
  await work;
  return performance.now() - began;
}
