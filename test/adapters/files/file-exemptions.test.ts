import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { openFileExemptions } from "../../../shared/adapters/files/file-exemptions.ts";
import { exemptionFileJsonSchema } from "../../../shared/messages/exemption-file.ts";
import { silentLog } from "../../../shared/ports/log.ts";

const docs = join(import.meta.dirname, "../../../docs");
const good = `exemptions:
  - id: one
    vulnerability: CVE-2026-1
    owner: team
    reason: not used by us
    until: 2026-12-31
`;

it("reads all files of a directory, and tells a day's end in UTC", async () => {
  const directory = await aDirectory({
    "a.yaml": good,
    "b.yml": good.replace("one", "two"),
    "notes.txt": "x",
    ".c.yaml": "x",
  });

  const { exemptions } = await (await open(directory)).current();

  expect(exemptions.map(({ id }) => id)).toEqual(["one", "two"]);
  expect(exemptions[0]?.until).toEqual(new Date("2027-01-01T00:00:00Z"));
});

it("refuses to begin with anything wrong, and names all of it by file and line", async () => {
  const directory = await aDirectory({
    "a.yaml": good.replace("not used by us", "no").replace("until:", "untill:"),
    "b.yaml": "exemptions: [",
    "c.vex.json": "{}",
    "d.yaml": "exemptions:\n  - id: d\n    owner: team\n    reason: long enough\n",
    "e.yaml": good,
    "f.yaml": good,
  });

  const opened = open(directory);

  await expect(opened).rejects.toThrow(
    /a\.yaml:2: exemptions\.0: there is no untill; an exemption has id, vulnerability/,
  );
  await expect(opened).rejects.toThrow(/a\.yaml:5: exemptions\.0\.reason: say why/);
  await expect(opened).rejects.toThrow(/b\.yaml:\d: it is not YAML/);
  await expect(opened).rejects.toThrow(/c\.vex\.json: Not a valid OpenVEX document/);
  await expect(opened).rejects.toThrow(/d\.yaml:2: exemptions\.0: name at least one of vulnerability/);
  await expect(opened).rejects.toThrow(/f\.yaml: one is the id of an exemption in .*e\.yaml, too/);
  await expect(open(join(directory, "missing"))).rejects.toThrow(/missing: there is no file or directory/);
});

it("reads what changed, keeps what a broken file said, and forgets a deleted one", async () => {
  const directory = await aDirectory({ "a.yaml": good });
  const errors: unknown[] = [];
  const files = await open(directory, { ...silentLog, error: (_, fields) => void errors.push(fields) });
  const first = await files.current();
  const same = await files.current();
  expect(same).toBe(first);

  await writeFile(join(directory, "a.yaml"), "exemptions: 1");
  const broken = await files.current();
  await writeFile(join(directory, "a.yaml"), good.replace("one", "uno"));
  const mended = await files.current();
  await rm(join(directory, "a.yaml"));
  const gone = await files.current();
  await rm(directory, { recursive: true });
  const lost = await files.current();

  expect(broken.exemptions).toEqual(first.exemptions);
  expect(broken.problems).toEqual([expect.stringContaining("a.yaml:1: exemptions")]);
  expect(errors).toMatchObject([{ problem: broken.problems[0] }, { problem: lost.problems[0] }]);
  expect([mended.exemptions.map(({ id }) => id), mended.problems]).toEqual([["uno"], []]);
  expect(gone).toEqual({ exemptions: [], problems: [] });
});

it("the example on the page is right, and so says the published schema", async () => {
  const page = await readFile(join(docs, "exemptions.md"), "utf8");
  const example = /```yaml\n(# yaml-language-server[^`]*)```/.exec(page)?.[1] ?? "";
  const directory = await aDirectory({ "a.yaml": example });
  const ajv = new Ajv2020({ allErrors: true, strict: true });
  formats.default(ajv);

  const { exemptions } = await (await open(directory)).current();
  const valid = ajv.validate(exemptionFileJsonSchema(), parse(example));

  expect(exemptions.map(({ id }) => id)).toEqual(["openssl-in-the-shop", "old-batch-image"]);
  expect([valid, ajv.validate(exemptionFileJsonSchema(), { exemptions: [{ id: "x" }] })]).toEqual([true, false]);
});

it("docs/exemptions.schema.json is the schema that files are read with", async () => {
  const published = z.unknown().parse(JSON.parse(await readFile(join(docs, "exemptions.schema.json"), "utf8")));

  expect(published).toEqual(JSON.parse(JSON.stringify(exemptionFileJsonSchema())));
});

function open(path: string, log = silentLog) {
  return openFileExemptions({ paths: [path], log, recheckMs: 0 });
}

async function aDirectory(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "tidewatch-exemptions-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return directory;
}
