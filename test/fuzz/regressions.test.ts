import { describe, expect, it } from "vitest";
import { parseReport } from "../../shared/adapters/trivy/report/read-report.ts";
import { toFailedOutcome } from "../../shared/adapters/trivy/trivy-failure.ts";
import { parseRepository } from "../../shared/domain/image-reference.ts";
import { parseEventGridRequest } from "../../shared/hosts/embedded/functions/event-grid-request.ts";
import { parseHostSettings } from "../../shared/hosts/embedded/functions/host-settings.ts";
import { InvalidSettingsError, readSettings } from "../../shared/hosts/settings/read-settings.ts";
import { parseImageQuery } from "../../shared/messages/api-requests.ts";
import { parseDistributionEvent } from "../../shared/messages/distribution-notification.ts";
import { parseJson } from "../../shared/messages/invalid-message-error.ts";
import { parsePublishedAlert } from "../../shared/messages/published-alert.ts";
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
