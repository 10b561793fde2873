import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { InvalidSettingsError, readSettings } from "../../../shared/hosts/settings/read-settings.ts";

const directory = mkdtempSync(join(tmpdir(), "settings-"));
afterAll(() => rmSync(directory, { recursive: true }));

const oneRegistry = "registries: [{ host: shop.azurecr.io }]";

describe("settings that name a registry and nothing else", () => {
  it("have a default for everything", () => {
    const settings = read(oneRegistry);

    expect(settings).toMatchObject({
      registries: [
        {
          host: "shop.azurecr.io",
          repositories: { include: ["**"], exclude: [] },
          tags: { include: ["**"], exclude: [] },
        },
      ],
      scannerIdentities: [],
      loginServerSuffix: "azurecr.io",
      rescans: { inUseDays: 30, rescanDays: 7, spreadMinutes: 60 },
      scanner: { slots: 2, attempts: 5, timeoutSeconds: 600, isolation: "auto" },
      webhooks: [],
      stateDirectory: ".tidewatch",
      listen: { host: "127.0.0.1", port: 7071 },
      logLevel: "info",
    });
    expect(settings.databases.vulnerability[0]).toBe("mcr.microsoft.com/oss/v2/aquasecurity/trivy-db:2");
  });

  it("may come from the environment alone", () => {
    const settings = readSettings({ environment: { TIDEWATCH__registries__0__host: "shop.azurecr.io" } });

    expect(settings).toEqual(read(oneRegistry));
  });
});

describe("settings that are not right", () => {
  it("are all named at once, each by its path", () => {
    const problems = refusal(`
      registries:
        - { host: "https://shop.azurecr.io", repositories: { includes: [] } }
      rescans: { inUseDays: -1, rescanDays: week }
      scanner: { slots: 0, isolation: perhaps }
      webhooks: [{ id: "My Desk", url: "ftp://desk", secret: short, kinds: [everything] }]
      listen: { port: 70000 }
      logLevel: loud
      color: red
    `);

    for (const path of [
      "registries.0.host",
      "registries.0.repositories",
      "rescans.inUseDays",
      "rescans.rescanDays",
      "scanner.slots",
      "scanner.isolation",
      "webhooks.0.id",
      "webhooks.0.url",
      "webhooks.0.secret",
      "webhooks.0.kinds.0",
      "listen.port",
      "logLevel",
    ])
      expect(problems).toMatch(new RegExp(`^  ${path}: `, "m"));
    expect(problems).toContain('"includes"');
    expect(problems).toContain('"color"');
  });

  it("are told with the name of their file", () => {
    expect(refusal("registries: []")).toMatch(
      /^The settings in .*settings\.yaml are not right:\n {2}registries: name at least one registry to look after$/,
    );
  });

  it("are told without a file where there is none", () => {
    expect(() => readSettings({ environment: {} })).toThrow(/^The settings are not right:\n {2}registries: /);
  });

  it.each([
    [
      "a registry's user name without password",
      "registries: [{ host: a.io, username: me }]",
      /registries\.0: username and password go together/,
    ],
    [
      "a registry that is named twice",
      "registries: [{ host: a.io }, { host: A.io }]",
      /registries: two registries have the same host/,
    ],
    [
      "two webhooks with one id",
      `${oneRegistry}\nwebhooks: [${webhook()}, ${webhook()}]`,
      /webhooks: two webhooks have the same id/,
    ],
    ["a file that is empty", "", /registries: /],
    ["a list for a file", "- registries", /settings: /],
  ])("are refused: %s", (_, yaml, names) => {
    expect(() => read(yaml)).toThrow(InvalidSettingsError);
    expect(() => read(yaml)).toThrow(names);
  });

  it("are refused when their file is not there", () => {
    expect(() => readSettings({ file: join(directory, "none.yaml"), environment: {} })).toThrow(
      /the file cannot be read/,
    );
  });

  it.each([
    ["registries:\n  - host: a.io\n   password: 'hunter2", /line \d, column \d+: it is not YAML \([A-Z_]+\)/],
    ["a: 1\na: hunter2", /line 2, column 1: it is not YAML \(DUPLICATE_KEY\)/],
    ["password: *hunter2", /it is not YAML: an alias/],
  ])("are placed but not quoted when they are no YAML: %j", (yaml, names) => {
    expect(() => read(yaml)).toThrow(names);
    expect(() => read(yaml)).not.toThrow(/hunter2/);
  });
});

describe("the environment", () => {
  it("wins over the file, and leaves the rest of it as it is", () => {
    const settings = read("registries: [{ host: a.io }, { host: b.io }]\nrescans: { inUseDays: 10, rescanDays: 2 }", {
      TIDEWATCH__rescans__rescanDays: "0.5",
      TIDEWATCH__registries__1__host: "c.io",
      TIDEWATCH__registries__1__plainHttp: "true",
      TIDEWATCH__registries__1__repositories__exclude: "[team/old, 'x/**']",
      TIDEWATCH__registries__2__host: "d.io",
      TIDEWATCH__stateDirectory: "/var/lib/tidewatch",
    });

    expect(settings).toMatchObject({
      registries: [
        { host: "a.io" },
        { host: "c.io", plainHttp: true, repositories: { include: ["**"], exclude: ["team/old", "x/**"] } },
        { host: "d.io" },
      ],
      rescans: { inUseDays: 10, rescanDays: 0.5 },
      stateDirectory: "/var/lib/tidewatch",
    });
  });

  it("is read only where it is ours", () => {
    expect(read(oneRegistry, { rescans__rescanDays: "1", TIDEWATCH_logLevel: "debug", PATH: "/bin" })).toEqual(
      read(oneRegistry),
    );
  });

  it.each([
    [{ TIDEWATCH__rescan__rescanDays: "1" }, /"rescan"/],
    [{ TIDEWATCH__rescans__rescanDays: "soon" }, /rescans\.rescanDays: /],
    [{ TIDEWATCH__registries__0: "shop.azurecr.io" }, /registries\.0: /],
    [{ TIDEWATCH__registries__999999999__host: "a.io" }, /registries: /],
    [{ TIDEWATCH__scannerIdentities: '[a, "b]' }, /scannerIdentities: /],
    [{ TIDEWATCH__: "1" }, /settings: /],
  ])("is refused with its path when it is wrong: %j", (environment, names) => {
    expect(() => read(oneRegistry, environment)).toThrow(InvalidSettingsError);
    expect(() => read(oneRegistry, environment)).toThrow(names);
  });
});

function webhook(): string {
  return `{ id: desk, url: "https://desk.example", secret: whsec_${Buffer.alloc(32, 1).toString("base64")} }`;
}

function read(yaml: string, environment: Readonly<Record<string, string>> = {}) {
  const file = join(directory, "settings.yaml");
  writeFileSync(file, yaml);
  return readSettings({ file, environment });
}

function refusal(yaml: string): string {
  try {
    read(yaml);
  } catch (error) {
    if (error instanceof InvalidSettingsError) return error.message;
  }
  throw new Error("The settings were taken.");
}
