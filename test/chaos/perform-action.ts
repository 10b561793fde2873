import { parseDigest } from "../../shared/domain/digest.ts";
import { deleteManifest } from "../support/images/delete-manifest.ts";
import { buildVulnerabilityDatabase } from "../support/trivy-database/build-vulnerability-database.ts";
import { publishDatabase } from "../support/trivy-database/trivy-database.ts";
import { subjectOf, type KnownTruth } from "./check/known-truth.ts";
import { beginExemption, endExemption } from "./change-exemption.ts";
import { advisoriesOf, databaseDate, type PlannedDatabase } from "./plan/planned-database.ts";
import type { EventFate, PlannedAction, PlannedImage } from "./plan/planned-round.ts";
import type { ChaosWorld } from "./world/chaos-world.ts";
import type { Life } from "./world/life.ts";
import { pushPlanned } from "./world/push-planned.ts";
import type { ScriptedScanner } from "./world/scripted-scanner.ts";

export interface ActionParts {
  readonly world: ChaosWorld;
  readonly truth: KnownTruth;
  readonly databases: readonly PlannedDatabase[];
  readonly scanner: ScriptedScanner | undefined;
}

/** Does something in the registry or with the API, and has its news sent. The truth knows it before anybody else can. */
export async function performAction(
  action: PlannedAction,
  parts: ActionParts,
  life: Pick<Life, "said" | "ended">,
): Promise<void> {
  const { world, truth } = parts;
  const run = async (...names: readonly string[]) => {
    if (await life.said("Tidewatch listens.")) await runTimers(world, names);
  };
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
      return run("refreshDatabase", "requestDueRescans");
    case "walk":
      return run("reconcileRegistries");
    case "exempt":
      await Promise.race([beginExemption(action.exemption, parts), life.ended]);
      return run("reviewExemptions");
    case "endExemption":
      await Promise.race([endExemption(action.exemption, parts), life.ended]);
      return run("reviewExemptions");
    case "strangeNews": {
      const { repository } = action;
      truth.tellStrange(repository);
      const digest = `sha256:${"0".repeat(64)}`;
      const news = { action: "push", registry: "elsewhere.example", repository, digest, at: world.now() } as const;
      world.courier.send(news, [0]);
      return;
    }
    case "redrive":
      if (await life.said("Tidewatch listens.")) await redriveAll(world).catch(() => undefined);
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

export async function redriveAll(world: Pick<ChaosWorld, "call">): Promise<void> {
  await world.call("/api/dead-letters/redrive", { method: "POST", body: "{}" });
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
  const isIndex = pushed.manifests.length > 1;
  const ofWhole = fates.at(-1);
  for (const [index, manifest] of pushed.manifests.entries()) {
    const subject = subjectOf(manifest);
    truth.push(manifest);
    const news = isIndex ? [...(fates[index] ?? []), ...(ofWhole ?? [])] : (ofWhole ?? []);
    if (news.length > 0) truth.announce(subject);
    if (fates.some((fate) => fate.length === 0)) truth.loseNews(subject);
    for (const [number, database] of databases.entries())
      await scanner?.teach(manifest.digest, databaseDate(number), manifest.packages, database);
  }
  if (isIndex)
    for (const [number, { digest }] of pushed.manifests.entries())
      tell(parts, { action: "push", repository, digest }, fates[number]);
  tell(parts, { action: "push", repository, digest: pushed.digest, tag }, ofWhole);
}

function tell(
  { world }: ActionParts,
  news: { action: "push" | "delete"; repository: string; digest: string; tag?: string },
  fate: EventFate | undefined,
): void {
  world.courier.send({ ...news, registry: world.registry.host, at: world.now() }, fate ?? [0]);
}
