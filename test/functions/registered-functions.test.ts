import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import * as z from "zod";
import { brokerEntities } from "../../shared/hosts/embedded/broker-entities.ts";

const root = join(import.meta.dirname, "../..");

describe("the functions, as the real @azure/functions registers them", () => {
  let registered: readonly Registered[] = [];
  beforeAll(async () => {
    registered = await listFunctions(join(root, "functions/index.ts"));
  });

  it.each([
    ["applyRetention", "timer 0 30 3 * * *"],
    ["acceptVex", "POST vex, key: function"],
    ["listExemptions", "GET exemptions, key: function"],
    ["putExemption", "PUT exemptions/{id}, key: function"],
    ["readExemption", "GET exemptions/{id}, key: function"],
    ["removeExemption", "DELETE exemptions/{id}, key: function"],
    ["reviewExemptions", "timer 45 */5 * * * *"],
    ["writeVex", "GET images/{id}/vex, key: function"],
    ["beginWalks", "POST coverage/walks, key: function"],
    ["compareImages", "GET images/{id}/changes, key: function"],
    ["deliverWebhook", "queue webhook-deliveries"],
    ["dispatchAlert", "topic findings, subscription webhooks"],
    ["dropDeadLetter", "DELETE dead-letters/{id}, key: function"],
    ["keepDeadAlerts", "topic findings, subscription webhooks/$DeadLetterQueue"],
    ["keepDeadSbomRequests", "queue sbom-requests/$DeadLetterQueue"],
    ["keepDeadScanRequests", "queue scan-requests/$DeadLetterQueue"],
    ["keepDeadWebhookDeliveries", "queue webhook-deliveries/$DeadLetterQueue"],
    ["listAffectedImages", "GET vulnerabilities/{id}/images, key: function"],
    ["listAlerts", "GET alerts, key: function"],
    ["listDeadLetters", "GET dead-letters, key: function"],
    ["listDeliveries", "GET webhooks/{id}/deliveries, key: function"],
    ["listImages", "GET images, key: function"],
    ["listTaggedImages", "GET tags, key: function"],
    ["listWebhooks", "GET webhooks, key: function"],
    ["readCoverage", "GET coverage, key: function"],
    ["readDeadLetter", "GET dead-letters/{id}, key: function"],
    ["readFindings", "GET images/{id}/findings, key: function"],
    ["readHealth", "GET health, key: anonymous"],
    ["readHistory", "GET images/{id}/history, key: function"],
    ["readHistoryEntry", "GET images/{id}/history/{entry}, key: function"],
    ["readImage", "GET images/{id}, key: function"],
    ["receiveRegistryEvent", "Event Grid"],
    ["receiveRegistryNotification", "POST registry-notifications, key: function"],
    ["reconcileRegistries", "timer 15 * * * * *"],
    ["redriveDeadLetter", "POST dead-letters/{id}/redrive, key: function"],
    ["redriveDeadLetters", "POST dead-letters/redrive, key: function"],
    ["refreshDatabase", "timer 0 */15 * * * *"],
    ["relayOutbox", "timer 30 * * * * *"],
    ["requestDueRescans", "timer 0 0 * * * *"],
    ["requestScan", "POST scans, key: function"],
    ["scanImage", "queue scan-requests"],
    ["sendDigest", "timer 0 0 * * * *"],
    ["storeSbom", "queue sbom-requests"],
    ["watchDatabase", "timer 0 10 * * * *"],
  ])("%s: %s", (name, trigger) => {
    expect(registered.filter((each) => each.name === name).map(triggerOf)).toEqual([trigger]);
  });

  it("are no more than these", () => {
    expect(registered).toHaveLength(44);
  });

  it("listen to queues and subscriptions that exist", () => {
    const { queues = [], topics = [] } = brokerEntities;
    const entities = new Set([
      ...queues.map(({ name }) => `queue ${name}`),
      ...topics.flatMap(({ name, subscriptions }) =>
        subscriptions.map((subscription) => `topic ${name}, subscription ${subscription.name}`),
      ),
    ]);

    const listenedTo = registered.map(triggerOf).filter((trigger) => /^(?:queue|topic) /.test(trigger));

    expect(listenedTo.filter((trigger) => !entities.has(trigger.replace("/$DeadLetterQueue", "")))).toEqual([]);
  });

  it("take the connection to Service Bus from one setting", () => {
    const connections = registered
      .flatMap(({ bindings }) => Object.values(bindings))
      .map(({ connection }) => connection);

    expect(new Set(connections.filter(Boolean))).toEqual(new Set(["ServiceBus"]));
  });

  it("that answer HTTP are all in docs/api.md or docs/registries.md", async () => {
    const pages = ["docs/api.md", "docs/registries.md"].map((page) => readFile(join(root, page), "utf8"));
    const text = (await Promise.all(pages)).join("\n");
    const routes = registered.map((each) => /^(?:GET|POST|PUT|DELETE) (\S+),/.exec(triggerOf(each))?.[1] ?? "");

    const missing = routes.filter((route) => !text.includes(`/api/${route}`));

    expect(missing).toEqual([]);
  });
});

it("the bundle that `npm run build` makes registers the same, and needs no other file", async () => {
  const directory = await mkdtemp(join(tmpdir(), "tidewatch-bundle-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const { scripts } = z
    .object({ scripts: z.object({ build: z.string() }) })
    .parse(JSON.parse(await readFile(join(root, "package.json"), "utf8")));
  // The last --outfile counts: nobody's dist/ is touched, and nothing beside the bundle can be found from there.
  const bundle = join(directory, "index.mjs");
  await execa(`${scripts.build} --outfile=${bundle}`, { shell: true, cwd: root, preferLocal: true, timeout: 60_000 });

  const bundled = await listFunctions(bundle);

  expect(bundled).toEqual(await listFunctions(join(root, "functions/index.ts")));
  expect(bundled.length).toBeGreaterThan(0);
});

type Registered = z.output<typeof Registered>;

const Registered = z.object({
  name: z.string(),
  bindings: z.record(
    z.string(),
    z.looseObject({
      type: z.string(),
      methods: z.array(z.string()).optional(),
      route: z.string().optional(),
      authLevel: z.string().optional(),
      schedule: z.string().optional(),
      connection: z.string().optional(),
      queueName: z.string().optional(),
      topicName: z.string().optional(),
      subscriptionName: z.string().optional(),
    }),
  ),
});

async function listFunctions(functionsModule: string): Promise<readonly Registered[]> {
  const program = join(import.meta.dirname, "programs/list-functions.ts");
  const { stdout } = await execa(process.execPath, [program, functionsModule], { timeout: 30_000 });
  return z.array(Registered).parse(JSON.parse(stdout));
}

function triggerOf({ bindings }: Registered): string {
  const [trigger] = Object.values(bindings).filter(({ type }) => type.endsWith("Trigger"));
  switch (trigger?.type) {
    case "httpTrigger":
      return `${trigger.methods?.join(",")} ${trigger.route}, key: ${trigger.authLevel}`;
    case "timerTrigger":
      return `timer ${trigger.schedule}`;
    case "eventGridTrigger":
      return "Event Grid";
    case "serviceBusTrigger":
      return trigger.queueName === undefined
        ? `topic ${trigger.topicName}, subscription ${trigger.subscriptionName}`
        : `queue ${trigger.queueName}`;
    default:
      return trigger?.type ?? "no trigger";
  }
}
