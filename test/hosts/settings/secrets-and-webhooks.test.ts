import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { Webhook } from "standardwebhooks";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { InvalidSettingsError, readSettings } from "../../../shared/hosts/settings/read-settings.ts";

const directory = mkdtempSync(join(tmpdir(), "secrets-"));
afterAll(() => rmSync(directory, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

describe("a secret", () => {
  it("comes from an environment variable that the settings name", () => {
    vi.stubEnv("SHOP_PASSWORD", "hunter2");

    expect(passwordOf({ env: "SHOP_PASSWORD" })).toBe("hunter2");
  });

  it("comes from a file that the settings name, without the line break at its end", () => {
    const file = join(directory, "password");
    writeFileSync(file, "hunter2\n");

    expect(passwordOf({ file })).toBe("hunter2");
  });

  it("may be set by the environment itself", () => {
    const read = (password: string) => passwordOf({ env: "UNSET" }, { TIDEWATCH__registries__0__password: password });

    expect(["hunter2", "0123", "[x]", "true", '[a, "b]'].map(read)).toEqual([
      "hunter2",
      "0123",
      "[x]",
      "true",
      '[a, "b]',
    ]);
  });

  it.each([
    [{ env: "NOT_SET_ANYWHERE" }, /registries\.0\.password: the environment variable NOT_SET_ANYWHERE is not set/],
    [{ file: "/does/not/exist" }, /registries\.0\.password: the file \/does\/not\/exist cannot be read, or is empty/],
    [{ file: tmpdir() }, /cannot be read, or is empty/],
    [{ env: "A", file: "b" }, /registries\.0\.password: expected \{ env: NAME \}, \{ file: path \} or text/],
    ["", /registries\.0\.password: /],
    [42, /registries\.0\.password: expected/],
  ])("is missed by name: %j", (password, names) => {
    expect(() => passwordOf(password)).toThrow(InvalidSettingsError);
    expect(() => passwordOf(password)).toThrow(names);
  });

  it("is in nothing that is printed of the settings", () => {
    const settings = read({
      registries: [{ host: "a.io", username: "me", password: "hunter2" }],
      webhooks: [{ id: "desk", url: "https://desk.example", secret: validSecret }],
    });

    for (const printed of [JSON.stringify(settings), inspect(settings, { depth: 9, showHidden: true })])
      expect(printed).not.toMatch(new RegExp(`hunter2|${validSecret.slice(6, 20)}`));
  });

  it("is in no error, whatever else is wrong", () => {
    const wrong = {
      registries: [
        { host: "hunter2 host", username: 5, password: "hunter2" },
        { host: "b.io", password: ["hunter2"] },
      ],
      webhooks: [{ id: "desk", url: "https://me:hunter2@desk.example?hunter2", secret: "whsec_hunter2" }],
      logLevel: "hunter2",
    };

    expect(() => read(wrong)).toThrow(InvalidSettingsError);
    expect(() => read(wrong)).not.toThrow(/hunter2/);
  });
});

describe("a webhook", () => {
  it.each([
    "https://desk.example",
    "https://desk.example:8443/hooks?team=web",
    "http://localhost:3000/",
    "http://127.0.0.1/",
    "http://[::1]:80/",
  ])("may be at %s", (url) => {
    expect(webhookAt({ url }).url.href).toBe(new URL(url).href);
  });

  it.each([
    "http://desk.example",
    "http://127.0.0.1.evil.example",
    "http://localhost.evil.example",
    "ftp://desk.example",
    "file:///etc/passwd",
    "desk.example",
    "",
    "https://me:pass@desk.example",
  ])("may not be at %s", (url) => {
    expect(() => webhookAt({ url })).toThrow(/webhooks\.0\.url: expected an https URL/);
  });

  it.each([24, 25, 26, 32, 63, 64])("may have a secret of %i bytes, which then signs", (bytes) => {
    const secret = `whsec_${Buffer.alloc(bytes, 7).toString("base64")}`;

    const { secret: read } = webhookAt({ secret });

    expect(new Webhook(read.reveal()).sign("id", new Date(0), "body")).toMatch(/^v1,/);
  });

  it.each([
    ["23 bytes", `whsec_${Buffer.alloc(23, 7).toString("base64")}`],
    ["67 bytes", `whsec_${Buffer.alloc(67, 7).toString("base64")}`],
    ["no prefix", Buffer.alloc(32, 7).toString("base64")],
    ["base64 without its padding", `whsec_${Buffer.alloc(32, 7).toString("base64").replace("=", "")}`],
    ["base64 for URLs", `whsec_${Buffer.alloc(32, 255).toString("base64url")}=`],
    ["padding only", `whsec_${"=".repeat(44)}`],
  ])("may not have a secret of %s, and is told how to make one", (_, secret) => {
    expect(() => webhookAt({ secret })).toThrow(/webhooks\.0\.secret: .*openssl rand -base64 32/);
  });

  it("gets every kind of alert unless it names some", () => {
    expect(webhookAt({}).kinds).toBeUndefined();
    expect(webhookAt({ kinds: ["image.gone"], minimumSeverity: "high" })).toMatchObject({
      kinds: ["image.gone"],
      minimumSeverity: "high",
    });
  });
});

const validSecret = `whsec_${Buffer.from("thirty-two bytes of a test secret").toString("base64")}`;

function webhookAt(changes: object) {
  const webhook = { id: "desk", url: "https://desk.example", secret: validSecret, ...changes };
  const [read0] = read({ registries: [{ host: "a.io" }], webhooks: [webhook] }).webhooks;
  if (read0 === undefined) throw new Error("No webhook was read.");
  return read0;
}

function passwordOf(password: unknown, environment: Readonly<Record<string, string>> = {}) {
  const registries = [{ host: "a.io", username: "me", password }];
  return read({ registries }, environment).registries[0]?.password?.reveal();
}

function read(settings: object, environment: Readonly<Record<string, string>> = {}) {
  const file = join(directory, "settings.json");
  writeFileSync(file, JSON.stringify(settings));
  return readSettings({ file, environment });
}
