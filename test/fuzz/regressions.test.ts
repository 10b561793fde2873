import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readExemptionFile } from "../../shared/adapters/files/read-exemption-file.ts";
import { parseArchiveBytes } from "../../shared/adapters/trivy/database/database-manifest.ts";
import { parseReport } from "../../shared/adapters/trivy/report/read-report.ts";
import { toFailedOutcome } from "../../shared/adapters/trivy/trivy-failure.ts";
import { parseRepository } from "../../shared/domain/image-reference.ts";
import { parseEventGridRequest } from "../../shared/hosts/embedded/functions/event-grid-request.ts";
import { parseHostSettings } from "../../shared/hosts/embedded/functions/host-settings.ts";
import { InvalidSettingsError, readSettings } from "../../shared/hosts/settings/read-settings.ts";
import { parseDropQuestion } from "../../shared/messages/api-dead-letters.ts";
import { parseImageQuery } from "../../shared/messages/api-requests.ts";
import { parseDistributionEvent } from "../../shared/messages/distribution-notification.ts";
import { parseJson } from "../../shared/messages/invalid-message-error.ts";
import { parsePublishedAlert } from "../../shared/messages/published-alert.ts";
import { parseStoredAlerts } from "../../shared/messages/stored-alerts.ts";
import { parseReview } from "../../shared/messages/stored-review.ts";
import { whyUnexplained } from "./engine/why-unexplained.ts";

// The smallest inputs that showed each fault the fuzzing has found.
const deep = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
const long = "a.".repeat(1000);
const escape = "\u001b[31m";
const halfCharacter = "\ud800";

describe("values inside values, thousands of levels deep", () => {
  it("are refused in an Event Grid request with 400, which is not sent again; 500 would be, for a day", () => {
    const request = parseEventGridRequest({ "content-type": "application/json" }, Buffer.from(`[{"data":${deep}}]`));

    expect(request).toMatchObject({ kind: "invalid", status: 400 });
  });

  it("are refused in a request body, and as an alert on the topic", () => {
    const alert = { id: "1", type: "dev.tidewatch.x", data: { findings: parsed(deep) } };

    expect(() => parseJson(deep, "request body")).toThrow(
      "Not a request body: it is nested more than 500 levels deep.",
    );
    expect(() => parsePublishedAlert(alert)).toThrow("Not an alert event: it is nested too deep.");
    expect(parseJson(`"${"[".repeat(10_000)}"`, "text")).toHaveLength(10_000);
  });
});

it("a megabyte of what Trivy printed is read at once, whatever file names of the image are in it", () => {
  for (const text of ["https://", "a", "GET x: "]) {
    const stderr = `\tFATAL\tFatal error\trun error: image scan error: scan error: scan failed: failed analysis: unable to get the image ID: ${text.repeat(1_000_000 / text.length)}`;
    const before = performance.now();

    expect(toFailedOutcome({ kind: "failed", exitCode: 1, stderr })).toMatchObject({ failure: "registry-unavailable" });
    expect(performance.now() - before).toBeLessThan(1000);
  }
});

describe("names that the sender chose are fit for a terminal and short in the reason for a refusal", () => {
  it.each([
    ["a query", (name: string) => parseImageQuery([[name, "1"]])],
    ["a repository", (name: string) => parseRepository(`${name}!`)],
    ["a setting", (name: string) => readSettings({ environment: { [`TIDEWATCH__${name}`]: "1" } })],
    [
      "host.json",
      (name: string) => parseHostSettings({ version: "2.0", extensions: { http: { customHeaders: { [name]: 1 } } } }),
    ],
  ])("%s", (_, parse) => {
    for (const name of [escape, halfCharacter, long, "\u202ename", "na\nme"]) {
      const message = messageOf(() => parse(name));

      expect(whyUnexplained(message, Buffer.from(name))).toBeUndefined();
      expect(message).not.toContain("\u202e");
    }
  });

  it("in Trivy's report", () => {
    const metadata = { ImageConfig: { rootfs: { diff_ids: [[]] } } };
    const read = parseReport(JSON.stringify({ SchemaVersion: 2, ArtifactType: "container_image", Metadata: metadata }));

    expect(read).toEqual({
      kind: "bad",
      detail:
        "Trivy's report is not as expected. Metadata.ImageConfig.rootfs.diff_ids.0: Invalid input: expected string, received array.",
    });
    expect(parseReport("{")).toEqual({ kind: "bad", detail: "Trivy's report is not JSON." });
  });
});

it("all that is wrong with settings is counted when it is too much to be shown", () => {
  const environment = Object.fromEntries(
    Array.from({ length: 50 }, (_, index) => [`TIDEWATCH__${index}x__${long}`, "1"]),
  );
  environment["TIDEWATCH__registries"] = "[]";
  for (let index = 0; index < 50; index += 1) environment[`TIDEWATCH__webhooks__${index}`] = "wrong";

  const parse = () => readSettings({ environment });

  expect(parse).toThrow(InvalidSettingsError);
  expect(messageOf(parse)).toMatch(/and \d+ more$/);
  expect(messageOf(parse).length).toBeLessThan(2000);
});

it("a notification's event is refused with what was expected", () => {
  const parse = () => parseDistributionEvent({ action: "push", target: { mediaType: 1 } });

  expect(messageOf(parse)).toContain("target.mediaType: Invalid input: expected string, received number");
});

it("a name that grows by being made printable is not cut through a character", () => {
  for (const name of ["\t💣", "\ta💣"]) {
    const message = messageOf(() => parseDropQuestion({ reason: "It is gone.", [name.padEnd(300, "💣")]: 1 }));

    expect(whyUnexplained(message, Buffer.from(name))).toBeUndefined();
  }
});

describe("files of exemptions, a text that is as long as may be", () => {
  const map = Array.from({ length: 25_000 }, (_, index) => `a${index}: 1`);
  const aliases = Array.from({ length: 15_000 }, (_, index) => `&a${index} x,*a${index}`);

  it.each([
    ["with many keys", map.join("\n").slice(0, 250_000), "too many keys"],
    ["with aliases", `[${aliases.join(",")}]`.slice(0, 250_000), "aliases (*name) are not allowed"],
    ["with nothing right", `[${",".repeat(249_999)}`, "it is not YAML"],
    ["and longer", "#".repeat(250_001), "more than 250000 bytes; split it"],
  ])("%s is refused soon, and says why", async (_, text, why) => {
    const directory = await mkdtemp(join(tmpdir(), "tidewatch-fuzz-"));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    const file = join(directory, "a.yaml");
    await writeFile(file, text);
    const before = process.threadCpuUsage();

    const read = await readExemptionFile(file);

    const { user, system } = process.threadCpuUsage(before);
    expect("problems" in read ? read.problems[0] : "").toContain(why);
    expect((user + system) / 1000).toBeLessThan(2000);
  });
});

it("what waits in a blob and is no JSON, and a manifest of a database that is none, are refused with a sentence", () => {
  expect(() => parseStoredAlerts(Buffer.from("{"))).toThrow(
    /^The stored alerts cannot be read\..* restore the state from a backup\.\nIt is not JSON\.$/,
  );
  expect(() => parseArchiveBytes(Buffer.from("<html>"))).toThrow("Not a manifest of a database: it is not JSON.");
  expect(() => parseArchiveBytes(Buffer.from('{"manifests":[]}'))).toThrow(
    "Not a manifest of a database: layers: Invalid input: expected array, received undefined.",
  );
  expect(() => parseReview({ again: 1 })).toThrow(/^Not a checkpoint of the review of exemptions: again: /);
});

function parsed(text: string): unknown {
  return JSON.parse(text);
}

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error("Nothing was refused.");
}
