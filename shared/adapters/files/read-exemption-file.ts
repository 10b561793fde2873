import { readFile, stat } from "node:fs/promises";
import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, visit, type Document, type Node } from "yaml";
import type { Exemption } from "../../domain/exemption.ts";
import { parseExemptionFile, type ExemptionIssue } from "../../messages/exemption-file.ts";
import { InvalidMessageError, parseJson } from "../../messages/invalid-message-error.ts";
import { parseVexDocument, type IgnoredStatement } from "../../messages/openvex.ts";

export interface ExemptionFileContent {
  readonly exemptions: readonly Exemption[];
  /** Statements of an OpenVEX document that no exemption can be made of. */
  readonly ignored: readonly IgnoredStatement[];
}

/** Either what the file says or all that is wrong with it, each with its place in the file. */
export type ExemptionFileRead = ExemptionFileContent | { readonly problems: readonly string[] };

export function isExemptionFile(file: string): boolean {
  return isYaml(file) || isVex(file);
}

/** Never rejects. */
export async function readExemptionFile(file: string): Promise<ExemptionFileRead> {
  try {
    const most = isVex(file) ? mostBytesOfJson : mostBytesOfYaml;
    if ((await stat(file)).size > most) return { problems: [`${file}: it has more than ${most} bytes; split it`] };
    const text = await readFile(file, "utf8");
    if (isVex(file)) return parseVexDocument(parseJson(text, "valid OpenVEX document"));
    if (isYaml(file)) return readYaml(file, text);
    return { problems: [`${file}: exemptions end in .yaml or .yml, OpenVEX documents in .vex.json or .openvex.json`] };
  } catch (error) {
    if (error instanceof InvalidMessageError) return { problems: [`${file}: ${error.message}`] };
    const code = error instanceof Error && "code" in error ? String(error.code) : "no reason given";
    return { problems: [`${file}: it cannot be read (${code})`] };
  }
}

function readYaml(file: string, text: string): ExemptionFileRead {
  const lines = new LineCounter();
  const document = parseQuickly(text, lines);
  const lineAt = (offset: number) => `${file}:${lines.linePos(offset).line.toString()}`;
  if (document.errors.length > 0)
    return {
      problems: document.errors
        .slice(0, mostProblems)
        .map(({ pos, code }) => `${lineAt(pos[0])}: ${reasons.get(code) ?? `it is not YAML (${code})`}`),
    };
  const alias = findAlias(document);
  if (alias !== undefined)
    return { problems: [`${lineAt(alias)}: aliases (*name) are not allowed; write out what it stands for`] };
  const parsed = parseExemptionFile(document.toJS());
  if ("exemptions" in parsed) return { exemptions: parsed.exemptions, ignored: [] };
  const described = parsed.issues.slice(0, mostProblems).map((issue) => describe(document, issue, lineAt));
  const more = parsed.issues.length - described.length;
  return { problems: more === 0 ? described : [...described, `${file}: and ${more.toString()} more`] };
}

/** The parser compares each key of a map with all others, and makes an error with a stack of all that is wrong. */
function parseQuickly(text: string, lineCounter: LineCounter): Document {
  let comparisons = 0;
  const uniqueKeys = (a: unknown, b: unknown) => {
    comparisons += 1;
    // The parser makes one of its own errors of it.
    if (comparisons > mostComparisons) throw new Error("There are too many keys.");
    return isScalar(a) && isScalar(b) && a.value === b.value;
  };
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys });
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

const reasons: ReadonlyMap<string, string> = new Map([
  ["RESOURCE_EXHAUSTION", "it is nested too deep, or a map has too many keys; an exemption has 11 at most"],
]);

/** Each alias is looked for in the whole document. A reviewer, too, wants to see an exemption as a whole. */
function findAlias(document: Document): number | undefined {
  let offset: number | undefined;
  visit(document, {
    Alias: (_, { range }) => {
      offset = range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}

function describe(document: Document, { path, message }: ExemptionIssue, lineAt: (offset: number) => string): string {
  const where = path.map(String).join(".");
  return `${lineAt(offsetOf(document.contents, path))}: ${where === "" ? "" : `${where}: `}${message}`;
}

/** Where the innermost part of the path begins that is there: what is missing is missing from that. */
function offsetOf(root: Node | null, path: ExemptionIssue["path"]): number {
  let offset = root?.range?.[0] ?? 0;
  let node: unknown = root;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === part);
      if (!isPair(pair)) break;
      if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof part === "number") {
      node = node.items[part];
      if (isMap(node) || isScalar(node) || isSeq(node)) offset = node.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}

function isYaml(file: string): boolean {
  return /\.ya?ml$/.test(file);
}

function isVex(file: string): boolean {
  return /\.(?:open)?vex\.json$/.test(file);
}

/** About 1,000 exemptions, read in 0.3 s; and the worst text of that length is refused within about a second. */
const mostBytesOfYaml = 250_000;

/** The 10,000 statements that a document may have, and room for long ones. */
const mostBytesOfJson = 5_000_000;

/** Eleven keys for each exemption that fits in, and more. */
const mostComparisons = 200_000;

const mostProblems = 100;
