import { InvalidSqlFilterError } from "./invalid-sql-filter-error.ts";

export type Token =
  /** A word outside of quotation marks and brackets: a keyword or a property. */
  | { readonly kind: "word"; readonly text: string; readonly at: number }
  | { readonly kind: "quotedName"; readonly text: string; readonly at: number }
  | { readonly kind: "string"; readonly text: string; readonly at: number }
  | { readonly kind: "number"; readonly value: number; readonly at: number }
  | { readonly kind: "symbol"; readonly text: string; readonly at: number }
  | { readonly kind: "end"; readonly at: number };

/** Ends with one token of kind "end". */
export function sqlFilterTokens(expression: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < expression.length;) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(expression);
    if (!match) throw new InvalidSqlFilterError(expression, at, problemAt(expression.slice(at)));
    const token = tokenOf(match.groups ?? {}, at);
    if (token) tokens.push(token);
    at = TOKEN.lastIndex;
  }
  return [...tokens, { kind: "end", at: expression.length }];
}

/** A number ends where a word could not go on: "5days" is neither. */
const TOKEN = new RegExp(
  [
    /(?<space>\s+)/u,
    /'(?<string>(?:[^']|'')*)'/u,
    /"(?<quoted>(?:[^"]|"")+)"/u,
    /\[(?<bracketed>(?:[^\]]|\]\])+)\]/u,
    /(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\p{L}\d_.])/u,
    /(?<word>\p{L}[\p{L}\p{Nd}_]*)/u,
    /(?<symbol><>|!=|<=|>=|[=<>(),.-])/u,
  ]
    .map(({ source }) => source)
    .join("|"),
  "uy",
);

function tokenOf(groups: Readonly<Record<string, string | undefined>>, at: number): Token | undefined {
  const { string, quoted, bracketed, number, word, symbol } = groups;
  if (string !== undefined) return { kind: "string", text: string.replaceAll("''", "'"), at };
  if (quoted !== undefined) return { kind: "quotedName", text: quoted.replaceAll('""', '"'), at };
  if (bracketed !== undefined) return { kind: "quotedName", text: bracketed.replaceAll("]]", "]"), at };
  if (number !== undefined) return { kind: "number", value: Number(number), at };
  if (word !== undefined) return { kind: "word", text: word, at };
  if (symbol !== undefined) return { kind: "symbol", text: symbol, at };
  return undefined;
}

function problemAt(rest: string): string {
  const first = rest.slice(0, 1);
  if (first === "'" || first === '"' || first === "[") return `the text that starts with ${first} does not end`;
  if (/^[+*/%]/.test(rest)) return `"${first}" is arithmetic, which is not supported`;
  if (first === "@") return "parameters are not supported, write the value itself";
  return `"${first}" is not understood`;
}
