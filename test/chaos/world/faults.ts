import type { PlannedFault } from "../plan/planned-round.ts";
import type { ChaosWorld, LifeOrders } from "./chaos-world.ts";
import type { ScriptedScanner } from "./scripted-scanner.ts";

/** Sets the world right first, so that a fault lasts for one life. Resolves to what the process itself has to be told. */
export async function bringAbout(
  fault: PlannedFault,
  { registry, consumer }: Pick<ChaosWorld, "registry" | "consumer">,
  scanner: ScriptedScanner | undefined,
): Promise<Pick<LifeOrders, "diskFull" | "environment">> {
  registry.faults.clear();
  consumer.behave("takes");
  await scanner?.behave("works");
  const images = /^\/v2\/shop\//;
  const healthy = { diskFull: false };
  switch (fault) {
    case "none":
      return healthy;
    case "registry-down":
      registry.faults.add({ method: "GET", path: images, fault: { kind: "answer", status: 500 } });
      return healthy;
    case "registry-busy": {
      const headers = { "retry-after": "1" };
      registry.faults.add({ method: "GET", path: images, times: 3, fault: { kind: "answer", status: 429, headers } });
      return healthy;
    }
    case "registry-slow":
      registry.faults.add({ method: "GET", path: images, fault: { kind: "slow", pauseMs: 1 } });
      return healthy;
    case "database-source-down":
      for (const method of ["GET", "HEAD"])
        registry.faults.add({ method, path: /^\/v2\/trivy-db\/manifests/, fault: { kind: "answer", status: 503 } });
      return healthy;
    case "subscriber-down":
      consumer.behave("refuses");
      return healthy;
    case "subscriber-gone":
      consumer.behave("wants-no-more");
      return healthy;
    case "subscriber-slow":
      consumer.behave("takes-slowly");
      return healthy;
    case "answers-lost":
      consumer.behave("loses-answers");
      return healthy;
    case "disk-low":
      return { diskFull: false, environment: { TIDEWATCH__scanner__freeDiskMb: (2 ** 40).toString() } };
    case "disk-full":
      return { diskFull: true };
    case "scanner-without-space":
      await scanner?.behave("withoutSpace");
      return healthy;
    case "scanner-crashes":
      await scanner?.behave("crashes");
      return healthy;
    case "scanner-hangs":
      await scanner?.behave("hangs");
      return healthy;
  }
}
