import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import type { KnownTruth } from "./check/known-truth.ts";
import { vulnerabilityOf } from "./plan/planned-database.ts";
import type { PlannedExemption } from "./plan/planned-round.ts";
import type { ChaosWorld } from "./world/chaos-world.ts";

export interface ExemptionParts {
  readonly world: Pick<ChaosWorld, "courier" | "exemptionDirectory" | "now">;
  readonly truth: Pick<KnownTruth, "exemptions">;
}

/** Resolves when it is accepted, which may be in a later life. */
export async function beginExemption(exemption: PlannedExemption, { world, truth }: ExemptionParts): Promise<void> {
  const { id, by, repository, endsAfterMs } = exemption;
  const until = endsAfterMs === undefined ? undefined : new Date(world.now().getTime() + endsAfterMs);
  truth.exemptions.begin(exemption, until);
  const given = {
    vulnerability: vulnerabilityOf(exemption.package),
    ...(repository !== undefined && { repository }),
    owner: "chaos",
    reason: "Made up for a test.",
    ...(until !== undefined && { until: until.toISOString() }),
  };
  if (by === "api")
    return world.courier.ask({ method: "PUT", path: `/api/exemptions/${id}`, body: JSON.stringify(given) });
  const draft = join(world.exemptionDirectory, `.${id}`);
  await writeFile(draft, stringify({ exemptions: [{ id, ...given }] }));
  await rename(draft, fileOf(id, world));
}

export async function endExemption({ id, by }: PlannedExemption, { world, truth }: ExemptionParts): Promise<void> {
  truth.exemptions.end(id);
  if (by === "api") return world.courier.ask({ method: "DELETE", path: `/api/exemptions/${id}` });
  await rm(fileOf(id, world), { force: true });
}

function fileOf(id: string, { exemptionDirectory }: ExemptionParts["world"]): string {
  return join(exemptionDirectory, `${id}.yaml`);
}
