import { deleteManifest } from "../support/images/delete-manifest.ts";
import { parseDigest } from "../../shared/domain/digest.ts";
import { buildVulnerabilityDatabase } from "../support/trivy-database/build-vulnerability-database.ts";
import { publishDatabase } from "../support/trivy-database/trivy-database.ts";
import { subjectOf, type KnownTruth } from "./check/known-truth.ts";
import { advisoriesOf, databaseDate, type PlannedDatabase } from "./plan/planned-database.ts";
import type { EventFate, PlannedAction, PlannedImage } from "./plan/planned-round.ts";
import type { ChaosWorld } from "./world/chaos-world.ts";
import { pushPlanned } from "./world/push-planned.ts";
import type { ScriptedScanner } from "./world/scripted-scanner.ts";

export interface ActionParts {
  readonly world: ChaosWorld;
  readonly truth: KnownTruth;
  readonly databases: readonly PlannedDatabase[];
  readonly scanner: ScriptedScanner | undefined;
}

/** Does something in the registry, and has its news sent. The truth knows it before anybody else can. */
export async function performAction(action: PlannedAction, parts: ActionParts): Promise<void> {
  const { world, truth } = parts;
  switch (action.kind) {
    case "push":
      return pushAndTell(action.image, action.image.tag, action.fates, parts);
    case "tag":
      return pushAndTell(action.image, action.tag, action.fates, parts);
    case "delete": {
      const { repository } = action.image;
      const digest = [...truth.manifests.values()].find((manifest) => manifest.repository === repository)?.digest ?? "";
      truth.delete(subjectOf({ repository, digest }));
      await deleteManifest(world.registry.url, repository, parseDigest(digest));
      tell(parts, { action: "delete", repository, digest }, action.fates[0]);
      return;
    }
    case "publishDatabase":
      return publishPlanned(action.database, parts);
    case "rescan":
      return runTimers(world, ["refreshDatabase", "requestDueRescans"]);
  }
}

export async function publishPlanned(number: number, { world, databases }: ActionParts): Promise<void> {
  const advisories = advisoriesOf(databases[number] ?? new Map());
  const updatedAt = databaseDate(number);
  await publishDatabase(world.registry.url, "trivy-db", buildVulnerabilityDatabase({ advisories, updatedAt }));
}

/** Each may be killed before it has begun. */
export async function runTimers(world: Pick<ChaosWorld, "call">, names: readonly string[]): Promise<void> {
  for (const name of names) await world.call(`/admin/functions/${name}`, { method: "POST" }).catch(() => undefined);
}

/** As Azure tells it: each manifest of an index without a tag, then the index with it. */
async function pushAndTell(
  image: PlannedImage,
  tag: string,
  fates: readonly EventFate[],
  parts: ActionParts,
): Promise<void> {
  const { world, truth, databases, scanner } = parts;
  const { repository } = image;
  const pushed = await pushPlanned(world.registry.url, image, tag);
  for (const manifest of pushed.manifests) {
    truth.push(manifest);
    if (fates.some((fate) => fate.length === 0)) truth.loseNews(subjectOf(manifest));
    for (const [number, database] of databases.entries())
      await scanner?.teach(manifest.digest, databaseDate(number), manifest.packages, database);
  }
  if (pushed.manifests.length > 1)
    for (const [number, { digest }] of pushed.manifests.entries())
      tell(parts, { action: "push", repository, digest }, fates[number]);
  tell(parts, { action: "push", repository, digest: pushed.digest, tag }, fates.at(-1));
}

function tell(
  { world }: ActionParts,
  news: { action: "push" | "delete"; repository: string; digest: string; tag?: string },
  fate: EventFate | undefined,
): void {
  world.courier.send({ ...news, registry: world.registry.host, at: world.now() }, fate ?? [0]);
}
