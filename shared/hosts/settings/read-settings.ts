import { readFileSync } from "node:fs";
import { LineCounter, parse, parseDocument } from "yaml";
import * as z from "zod";
import { describeIssues } from "../../messages/describe-issues.ts";
import { Settings } from "./settings.ts";

export interface SettingsSources {
  /** A YAML (or JSON) file. */
  readonly file?: string | undefined;
  /** `TIDEWATCH__a__b` sets a.b, as Azure's app settings do; what it sets wins over the file. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Throws {@link InvalidSettingsError} that names everything that is wrong, not just the first. */
export function readSettings({ file, environment }: SettingsSources): Settings {
  const fromFile = file === undefined ? {} : readYaml(file);
  const result = Settings.safeParse(withEnvironment(fromFile, environment));
  if (result.success) return result.data;
  throw new InvalidSettingsError(file, result.error);
}

export class InvalidSettingsError extends Error {
  override name = "InvalidSettingsError";

  constructor(file: string | undefined, problem: z.ZodError | string) {
    const where = file === undefined ? "The settings are" : `The settings in ${file} are`;
    const lines = typeof problem === "string" ? [problem] : describeIssues(problem, 1500, "settings");
    super(`${where} not right:\n${lines.map((line) => `  ${line}`).join("\n")}`);
  }
}

function readYaml(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new InvalidSettingsError(file, "the file cannot be read");
  }
  // Reading a megabyte of YAML takes seconds; tens of registries and webhooks take kilobytes.
  if (text.length > mostCharacters)
    throw new InvalidSettingsError(file, `the file has more than ${mostCharacters} characters`);
  return parseYaml(text, file) ?? {};
}

const mostCharacters = 100_000;

/** The parser's own messages quote the text, and with it secrets. */
function parseYaml(text: string, file: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    throw new InvalidSettingsError(file, `line ${line}, column ${col}: it is not YAML (${error.code})`);
  }
  try {
    const value: unknown = document.toJS();
    return value;
  } catch {
    throw new InvalidSettingsError(file, "it is not YAML: an alias (*name) has no anchor (&name), or too many uses");
  }
}

type Environment = SettingsSources["environment"];

function withEnvironment(settings: unknown, environment: Environment): unknown {
  let merged = settings;
  for (const [name, text] of Object.entries(environment)) {
    if (text === undefined || !name.startsWith(prefix)) continue;
    const path = name.slice(prefix.length).split("__");
    merged = withValue(merged, path, alwaysText.has(path.at(-1) ?? "") ? text : scalar(text));
  }
  return merged;
}

const prefix = "TIDEWATCH__";

/** A password may well be a number, or in brackets. */
const alwaysText: ReadonlySet<string> = new Set(["username", "password", "secret"]);

/** Numbers, true, false and [lists] as YAML reads them; everything else stays text. */
function scalar(text: string): unknown {
  if (!/^(?:-?\d+(?:\.\d+)?|true|false|\[.*\])$/s.test(text)) return text;
  try {
    return parse(text);
  } catch {
    return text;
  }
}

/** Copies on the way down, so neither the file's value nor anything else is changed. */
function withValue(target: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (/^\d{1,3}$/.test(key)) {
    const list: unknown[] = Array.isArray(target) ? [...z.array(z.unknown()).parse(target)] : [];
    list[Number(key)] = withValue(list[Number(key)], rest, value);
    return list;
  }
  const record = z.record(z.string(), z.unknown()).catch({}).parse(target);
  return { ...record, [key]: withValue(record[key], rest, value) };
}
