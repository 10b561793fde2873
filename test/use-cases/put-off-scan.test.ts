import { expect, it, onTestFinished } from "vitest";
import { buildHost } from "../../shared/hosts/host.ts";
import { manyFindings } from "../support/samples.ts";
import { livesIn } from "./lives-in.ts";
import { openWorkshop } from "./workshop.ts";

it("an attempt that failed is made again soon, although the process ended while it was put off", async () => {
  const workshop = await openWorkshop();
  onTestFinished(() => workshop[Symbol.asyncDispose]());
  const lives = livesIn(workshop);
  const image = await lives.pushed();
  const request = lives.requestFor(image);
  workshop.scanner.findings = manyFindings(1);
  workshop.registry.faults.add({ method: "GET", path: /manifests/, fault: { kind: "answer", status: 500 } });
  const send = () => Promise.reject(new Error("killed"));
  const killed = buildHost({ ...workshop.parts, scanRequests: { send } });
  await expect(killed.scanImage(request, "message")).rejects.toThrow("killed");

  // The queue delivers it again.
  await workshop.host.scanImage(request, "message");
  workshop.registry.faults.clear();
  await workshop.clock.advance(60_000);
  await workshop.work();

  expect((await workshop.read(image))?.state.kind).toBe("scanned");
});
