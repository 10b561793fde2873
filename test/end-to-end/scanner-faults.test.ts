import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { foundation } from "../fixtures/advisories/foundation.ts";
import { push } from "../support/images/push.ts";
import { startLab, type Lab } from "../support/lab.ts";
import { eventually } from "./eventually.ts";
import { layerPath, lodashImage } from "./lodash-image.ts";
import { quiet } from "./quiet.ts";
import { readImage, type ImageJson } from "./read-api.ts";
import { realTrivy } from "./real-trivy.ts";
import { scriptedTrivy, type ScriptedTrivy } from "./scripted-trivy.ts";
import { skippableClock } from "./skippable-clock.ts";
import { expectScannedOnce, typesToldAbout } from "./told-about.ts";

const clock = skippableClock();
const scanner = { isolation: "off", timeoutSeconds: 1, attempts: 2 };
let trivy: ScriptedTrivy;
let lab: Lab;

beforeAll(async () => {
  trivy = await scriptedTrivy();
  lab = await startLab({ trivy: trivy.binary, advisories: foundation, clock, settings: { scanner } });
});

afterAll(async () => {
  await lab[Symbol.asyncDispose]();
  await trivy[Symbol.asyncDispose]();
});

describe("a scanner that fails delays a scan and loses nothing: the real one scans the image", () => {
  it.each([
    ["a report that is none", "bad-report", "garbage"],
    ["no report", "bad-report", "silent"],
    ["a crash", "scanner-crashed", "broken"],
    ["a disk that fills up", "no-space", "full"],
    ["no end", "timeout", "hanging"],
  ] as const)("%s: %s", async (what, failure, behaviour) => {
    await trivy.behave(behaviour);
    const pushed = await push(lab.registry.url, "shop/faulty", await lodashImage(what));
    await quiet(lab);
    const failed = await readImage(lab, pushed);
    await trivy.behave("real");
    clock.skip(16_000);
    await quiet(lab);

    expect(failed?.state).toMatchObject({ kind: "waiting", putOff: { failure, attempts: 1 } });
    expect(failed?.scan).toBeUndefined();
    await expectScannedOnce(lab, pushed);
    expect(await scansOf(pushed)).toHaveLength(2);
  });

  it("the real Trivy, killed from outside in mid-scan: out-of-memory", async () => {
    const made = await lodashImage("killed");
    lab.inProcess?.faults.add({ method: "GET", path: layerPath(made), fault: { kind: "hang" } });
    await lab.restart({ settings: { scanner: { ...scanner, timeoutSeconds: 20 } } });

    const pushed = await push(lab.registry.url, "shop/killed", made);
    const scan = await eventually(async () => {
      expect(lab.inProcess?.requests.matching("GET", layerPath(made))).not.toEqual([]);
      const [begun] = await scansOf(pushed);
      if (begun === undefined) throw new Error("No scan has begun.");
      return begun;
    });
    process.kill(scan.pid, "SIGKILL");
    await quiet(lab);
    const failed = await readImage(lab, pushed);
    lab.inProcess?.faults.clear();
    clock.skip(16_000);
    await quiet(lab);

    expect(failed?.state).toMatchObject({ kind: "waiting", putOff: { failure: "out-of-memory", attempts: 1 } });
    await expectScannedOnce(lab, pushed);
  });

  it("no room on the disk: no-space, and Trivy is not even begun", async () => {
    await lab.restart({ settings: { scanner: { ...scanner, freeDiskMb: 2 ** 40 } } });
    const pushed = await push(lab.registry.url, "shop/full-disk", await lodashImage("full disk"));
    await quiet(lab);
    const failed = await readImage(lab, pushed);
    const begun = await scansOf(pushed);
    await lab.restart();
    clock.skip(16_000);
    await quiet(lab);

    expect(failed?.state).toMatchObject({ kind: "waiting", putOff: { failure: "no-space", attempts: 1 } });
    expect(failed?.state.putOff?.detail).toContain("have to stay free");
    expect(begun).toEqual([]);
    await expectScannedOnce(lab, pushed);
  });

  it("fails to the last attempt: failed in the API and in one alert; asked for again, it is scanned", async () => {
    await trivy.behave("garbage");
    const pushed = await push(lab.registry.url, "shop/hopeless", await lodashImage("hopeless"));
    await quiet(lab);
    clock.skip(16_000);
    await quiet(lab);
    const failed = await readImage(lab, pushed);
    await trivy.behave("real");
    const question = { image: `${lab.registry.host}/shop/hopeless@${pushed.digest}` };
    await lab.call("/api/scans", { method: "POST", body: JSON.stringify(question) });
    await quiet(lab);

    expect(failed?.state).toMatchObject({ kind: "failed", failure: "bad-report", attempts: 2 });
    expect(failed?.scan).toBeUndefined();
    expect((await readImage(lab, pushed))?.state.kind).toBe("scanned");
    expect(typesToldAbout(lab, pushed)).toEqual(["dev.tidewatch.scan.failed", "dev.tidewatch.findings.changed"]);
  });

  it("nothing is left of all the scans that failed", async () => {
    await quiet(lab, { sboms: true });
    const pids = (await trivy.scans()).map(({ pid }) => pid);

    expect(pids.filter(isRunning)).toEqual([]);
    expect(await readdir(join(lab.stateDirectory, "scratch"))).toEqual([]);
  });
});

it("in the sandbox, too, the real Trivy is ended when its time is over, and scans when there is time", async () => {
  await lab.restart({ trivy: realTrivy(), settings: { scanner: { timeoutSeconds: 1, attempts: 2 } } });
  const made = await lodashImage("sandboxed");
  lab.inProcess?.faults.add({ method: "GET", path: layerPath(made), fault: { kind: "hang" } });
  const pushed = await push(lab.registry.url, "shop/sandboxed", made);
  await quiet(lab);
  const failed = await readImage(lab, pushed);
  lab.inProcess?.faults.clear();
  await lab.restart({ trivy: realTrivy() });
  clock.skip(16_000);
  await quiet(lab);

  expect(failed?.state).toMatchObject({ kind: "waiting", putOff: { failure: "timeout", attempts: 1 } });
  await expectScannedOnce(lab, pushed);
});

async function scansOf({ repository, digest }: Pick<ImageJson, "repository" | "digest">) {
  return (await trivy.scans()).filter((scan) => scan.image.endsWith(`${repository}@${digest}`));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
