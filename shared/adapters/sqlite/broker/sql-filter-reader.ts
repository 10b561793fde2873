import { InvalidSqlFilterError } from "./invalid-sql-filter-error.ts";
import type { Token } from "./sql-filter-tokens.ts";

/** Goes over the tokens from left to right. Keywords are found in any letter case. */
export interface TokenReader {
  readonly expression: string;
  readonly peek: () => Token;
  readonly take: () => Token;
  /** Take the token when it is this one, and tell whether it was. */
  readonly takeWord: (keyword: string) => boolean;
  readonly takeSymbol: (symbol: string) => boolean;
  /** Throw InvalidSqlFilterError when something else comes. */
  readonly expectSymbol: (symbol: string) => void;
  readonly expectString: (problem: string) => string;
  /** At the current token. */
  readonly problem: (text: string) => InvalidSqlFilterError;
}

export function tokenReader(expression: string, tokens: readonly Token[]): TokenReader {
  const end: Token = { kind: "end", at: expression.length };
  let next = 0;
  const peek = () => tokens[next] ?? end;
  const take = () => {
    const token = peek();
    next += 1;
    return token;
  };
  const takeIf = (wanted: boolean) => {
    if (wanted) take();
    return wanted;
  };
  const takeSymbol = (symbol: string) => {
    const token = peek();
    return takeIf(token.kind === "symbol" && token.text === symbol);
  };
  const problem = (text: string) => new InvalidSqlFilterError(expression, peek().at, text);

  return {
    expression,
    peek,
    take,
    takeWord: (keyword) => {
      const token = peek();
      return takeIf(token.kind === "word" && token.text.toUpperCase() === keyword);
    },
    takeSymbol,
    expectSymbol: (symbol) => {
      if (!takeSymbol(symbol)) throw problem(`"${symbol}" is expected here`);
    },
    expectString: (text) => {
      const token = peek();
      if (token.kind !== "string") throw problem(text);
      take();
      return token.text;
    },
    problem,
  };
}
