import { parseArgs, styleText } from "node:util";
import { findOrGetTrivy } from "../../shared/adapters/trivy/binary/find-or-get-trivy.ts";
import { streamProgress } from "../../shared/adapters/trivy/binary/stream-progress.ts";
import { describeOrigin } from "../../shared/adapters/trivy/binary/trivy-binary.ts";
import { TrivyUnavailableError } from "../../shared/adapters/trivy/binary/trivy-unavailable-error.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import { foundation, laterAdvisory } from "../fixtures/advisories/foundation.ts";
import { push } from "../support/images/push.ts";
import { nodeImage } from "../support/images/sample-images.ts";
import { startLab, type Lab } from "../support/lab.ts";
import { findDistribution } from "../support/registry/find-distribution.ts";
import { alertSummary } from "./alert-summary.ts";
import { findingsTable, readFindings, readImage } from "./shown-findings.ts";
import { storyTeller, type StoryTeller } from "./story-teller.ts";
import { watchFunctions, type FunctionWatch } from "./watch-functions.ts";
import { whatToTryNext } from "./what-to-try-next.ts";

const helpText = `Usage: npm run demo [-- --keep]

From a push to an alert on this machine, offline, with the real Trivy: a registry, a push, a scan, the findings,
one alert, one signed webhook; then a newer vulnerability database and the rescan that announces what it knows more.

  --keep   leave everything running afterwards and say what to try next; Ctrl+C ends it
  --help   this text`;

const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => interruption.abort());
process.exitCode = await main(process.argv.slice(2), interruption.signal);

async function main(args: readonly string[], signal: AbortSignal): Promise<number> {
  const flag = { type: "boolean", default: false } as const;
  const { values: wish } = parseArgs({ args: [...args], options: { keep: flag, help: { ...flag, short: "h" } } });
  if (wish.help) {
    console.log(helpText);
    return 0;
  }
  try {
    const progress = streamProgress(process.stderr, systemClock);
    const trivy = await findOrGetTrivy({ environment: process.env, progress, signal });
    const distribution = findDistribution();
    const story = storyTeller();
    const watch = watchFunctions();
    story.tell(`Trivy ${trivy.version}, ${describeOrigin(trivy.origin)}`);
    await using lab = await startLab({
      trivy,
      distribution,
      advisories: foundation,
      log: watch.log,
      settings: { rescans: { rescanDays: 0, spreadMinutes: 0 } },
    });
    const kind = distribution === undefined ? "a small registry of ours" : "CNCF distribution";
    story.tell(`registry at ${lab.registry.host} (${kind}), Tidewatch at ${lab.tidewatch.functions.url}`);
    await tellPush(lab, watch, story);
    await tellNewerDatabase(lab, story);
    if (wish.keep) await keepRunning(lab, signal);
    return 0;
  } catch (error) {
    if (signal.aborted) return 130;
    if (!(error instanceof TrivyUnavailableError)) throw error;
    console.error(`${styleText("red", "error:", { stream: process.stderr })} ${error.message}`);
    return 1;
  }
}

async function tellPush(lab: Lab, watch: FunctionWatch, story: StoryTeller): Promise<void> {
  const image = await nodeImage();
  story.tell(`pushing shop/web:1.0, ${image.descriptor.digest.slice(0, 19)}…; the registry will notify Tidewatch`);
  await push(lab.registry.url, "shop/web", image, { tags: ["1.0"] });
  const [webhook] = await lab.webhooks.waitFor(1);
  if (webhook === undefined) throw new Error("The first webhook has come.");
  const record = await readImage(lab);
  story.tellAll([
    { text: "the event is there: the image is on record, its scan is queued", at: performanceTime(record.firstSeenAt) },
    { text: "the real Trivy starts", at: performanceTime(record.scan.scannedAt) },
    ...(await watch.steps()),
  ]);
  story.tell("the subscriber has verified the signature. GET /api/images/{id}/findings now says:");
  story.show(findingsTable(await readFindings(lab, record.id)));
  story.tell("and the webhook's body was, its list of findings cut short:");
  story.show(alertSummary(webhook.body));
}

async function tellNewerDatabase(lab: Lab, story: StoryTeller): Promise<void> {
  await lab.publish([...foundation, laterAdvisory], new Date());
  await lab.run("refreshDatabase");
  story.tell(`a newer vulnerability database was published; it also knows ${laterAdvisory.id}`);
  await lab.run("requestDueRescans");
  const webhooks = await lab.webhooks.waitFor(2);
  const news = webhooks.at(-1)?.event.data.findings ?? [];
  story.tell("rescanned; the webhook tells only what is new:");
  story.show(news.map(({ vulnerabilityId, change, remediation }) => `${change} ${vulnerabilityId}: ${remediation}`));
}

async function keepRunning(lab: Lab, signal: AbortSignal): Promise<void> {
  console.log(whatToTryNext(lab));
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

function performanceTime(instant: Date): number {
  return instant.getTime() - performance.timeOrigin;
}
