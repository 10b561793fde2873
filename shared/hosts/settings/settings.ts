import * as z from "zod";
import { alertKinds } from "../../domain/alert.ts";
import { defaultRescanPolicy } from "../../domain/rescan-policy.ts";
import { defaultRetentionPolicy } from "../../domain/retention-policy.ts";
import { severities } from "../../domain/severity.ts";
import { RegistryHost } from "../../messages/reference-schema.ts";
import { SecretValue } from "./secret-value.ts";

/** Everything that can be set, with its default. Times and sizes carry their unit in the name. */
export type Settings = z.output<typeof Settings>;

const Glob = z.string().min(1).max(255);

const Registry = z
  .strictObject({
    host: RegistryHost.describe("Login server, with its port if it has one: shop.azurecr.io, localhost:5000"),
    repositories: z
      .strictObject({ include: z.array(Glob).default(["**"]), exclude: z.array(Glob).default([]) })
      .prefault({})
      .describe("Globs of repositories to look after; ** crosses slashes"),
    tags: z
      .strictObject({ include: z.array(Glob).default(["**"]), exclude: z.array(Glob).default([]) })
      .prefault({})
      .describe("Globs of tags; a manifest pushed without a tag is always looked after"),
    username: z.string().min(1).optional(),
    password: SecretValue.optional(),
    plainHttp: z.boolean().optional().describe("Speak http; true by default for localhost and 127.0.0.1 only"),
  })
  .refine(({ username, password }) => (username === undefined) === (password === undefined), {
    message: "username and password go together",
  });

const webhookSecret = /^whsec_(?:[A-Za-z0-9+/]{4}){8,21}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const Webhook = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,64}$/, "expected lower case letters, digits and -, at most 64"),
  url: z
    .string()
    .refine(isWebhookUrl, "expected an https URL (http only to localhost) without user name and password")
    .transform((text) => new URL(text)),
  secret: SecretValue.refine(
    (secret) => webhookSecret.test(secret.reveal()),
    'expected whsec_ and base64 of 24 to 64 random bytes, as made by: echo "whsec_$(openssl rand -base64 32)"',
  ),
  kinds: z.array(z.enum(alertKinds)).optional().describe("Kinds of alert to send; all when missing (docs/events.md)"),
  minimumSeverity: z.enum(severities).optional().describe("Leaves out changes of findings that are less severe"),
});

const positive = z.number().positive();
const count = z.int().min(1);
const days = z.number().min(0).max(3650);
/** Less than a day would take away what is still at work. */
const keptDays = z.number().min(1).max(36_500);

export const Settings = z.strictObject({
  registries: z
    .array(Registry)
    .min(1, "name at least one registry to look after")
    .refine((all) => new Set(all.map(({ host }) => host)).size === all.length, "two registries have the same host")
    .describe("The only registries that are ever contacted for images"),
  scannerIdentities: z
    .array(z.string().min(1))
    .default([])
    .describe("User names or identities whose pulls do not count as use: your scanners"),
  loginServerSuffix: z
    .string()
    .regex(/^[a-z0-9]+(?:[.-][a-z0-9]+)+$/, "expected a domain such as azurecr.io")
    .default("azurecr.io")
    .describe("Of Azure Container Registry in your cloud"),
  rescans: z
    .strictObject({
      inUseDays: days
        .default(defaultRescanPolicy.inUseDays)
        .describe("An image pulled or pushed within so many days is in use"),
      rescanDays: days
        .default(defaultRescanPolicy.rescanDays)
        .describe("An image in use is scanned again after so many days; 0 = at every run"),
      spreadMinutes: z.number().min(0).max(1440).default(60).describe("Requests of one run are spread over this time"),
    })
    .prefault({}),
  reconciliation: z
    .strictObject({
      everyHours: z
        .number()
        .min(0)
        .max(8760)
        .default(24)
        .describe("Walk through each registry so often; 0 = only when asked"),
      requestsPerSecond: positive.max(1000).default(20).describe("To one registry, during a walk"),
    })
    .prefault({}),
  scanner: z
    .strictObject({
      slots: count.max(64).default(2).describe("Scans at a time; each has a layer cache of its own"),
      attempts: count.max(100).default(5).describe("Before an image counts as failed"),
      timeoutSeconds: positive
        .max(840, "at most 840: a function has 30 minutes for two scans, the one before it and its own")
        .default(600),
      memoryMb: positive.default(2048).describe("Resident memory of one scan; more ends it"),
      scratchMb: positive.default(8192).describe("Temporary files of one scan; more ends it"),
      reportMb: positive.max(512).default(128).describe("A longer report is refused"),
      layerCacheMb: positive.default(2048).describe("Of all slots together"),
      freeDiskMb: z.number().min(0).default(1024).describe("Scans end rather than leave less free"),
      isolation: z.enum(["auto", "off", "required"]).default("auto").describe("Run Trivy inside bubblewrap"),
    })
    .prefault({}),
  databases: z
    .strictObject({
      vulnerability: z
        .array(z.string().min(1))
        .min(1)
        .default([
          "mcr.microsoft.com/oss/v2/aquasecurity/trivy-db:2",
          "mirror.gcr.io/aquasec/trivy-db:2",
          "ghcr.io/aquasecurity/trivy-db:2",
        ])
        .describe("Sources, asked in this order"),
      java: z
        .array(z.string().min(1))
        .default([
          "mcr.microsoft.com/oss/v2/aquasecurity/trivy-java-db:1",
          "mirror.gcr.io/aquasec/trivy-java-db:1",
          "ghcr.io/aquasecurity/trivy-java-db:1",
        ])
        .describe("Sources of the database that names jars; none = jars are not looked up"),
      maximumAgeHours: positive.optional().describe("Refuse to judge with an older vulnerability database"),
      staleHours: positive.default(24).describe("Tell subscribers (database.stale) when it is older"),
    })
    .prefault({}),
  digest: z
    .strictObject({
      every: z.enum(["day", "week", "off"]).default("week").describe("A summary at 06:00 UTC, each day or on Mondays"),
    })
    .prefault({}),
  exemptions: z
    .strictObject({
      paths: z
        .array(z.string().min(1))
        .default([])
        .describe("Files and directories with exemptions and OpenVEX documents (docs/exemptions.md)"),
      warnDays: days.default(14).describe("An exemption is announced so many days before it ends; 0 = never"),
    })
    .prefault({}),
  webhooks: z
    .array(Webhook)
    .default([])
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, "two webhooks have the same id"),
  retention: z
    .strictObject({
      historyDays: keptDays
        .default(defaultRetentionPolicy.historyDays)
        .describe("What became known of an image, in detail"),
      sbomDays: keptDays
        .default(defaultRetentionPolicy.sbomDays)
        .describe("SBOMs that were replaced, or whose image is gone"),
      alertDays: keptDays.default(defaultRetentionPolicy.alertDays).describe("Published alerts"),
      deliveryDays: keptDays.default(defaultRetentionPolicy.deliveryDays).describe("Attempts at webhooks"),
      goneImageDays: keptDays.default(defaultRetentionPolicy.goneImageDays).describe("All about an image that is gone"),
      deadLetterDays: keptDays
        .default(defaultRetentionPolicy.deadLetterDays)
        .describe("Dead letters that nobody dealt with"),
    })
    .prefault({})
    .describe("How long what is kept"),
  stateDirectory: z.string().min(1).default(".tidewatch").describe("Everything that is kept"),
  listen: z
    .strictObject({
      host: z.string().min(1).default("127.0.0.1").describe("Address to listen on; 0.0.0.0 for all"),
      port: z.int().min(0).max(65_535).default(7071).describe("0 takes a free one"),
    })
    .prefault({}),
  logLevel: z.enum(["debug", "info", "warn", "error"]).default("info"),
});

function isWebhookUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  // fetch refuses such a URL, and says it whole in its error.
  if (username !== "" || password !== "") return false;
  return protocol === "https:" || (protocol === "http:" && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(hostname));
}
