import type { Clock } from "../../../ports/clock.ts";
import type { Log, LogFields } from "../../../ports/log.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

/**
 * One JSON object per line: time, level, message, then the fields (`function` and `invocationId` for what a function
 * logs). With `pretty` a line for a person instead. Lines below `level` are dropped.
 */
export function structuredLog(options: {
  readonly write: (line: string) => void;
  readonly clock: Pick<Clock, "now">;
  readonly level?: LogLevel;
  readonly pretty?: boolean;
}): Log {
  const { write, clock, level = "info", pretty = false } = options;
  const format = pretty ? prettyLine : jsonLine;
  const at =
    (lineLevel: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (severity[lineLevel] >= severity[level]) write(`${format(clock.now(), lineLevel, message, fields)}\n`);
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

const severity = { debug: 0, info: 1, warn: 2, error: 3 };

const jsonLine = (time: Date, level: LogLevel, message: string, fields: LogFields) =>
  JSON.stringify({ time, level, message, ...fields }, plain);

function prettyLine(time: Date, level: LogLevel, message: string, fields: LogFields): string {
  const { stack, ...rest } = fields;
  const details = Object.entries(rest).map(([name, value]) => ` ${name}=${asText(value)}`);
  const line = `${time.toISOString().slice(11, 23)} ${level.padEnd(5)} ${oneLine(message)}${details.join("")}`;
  return typeof stack === "string" && level === "error" ? `${line}\n${indented(stack)}` : line;
}

const asText = (value: unknown) =>
  typeof value === "string" && /^[^\s"=\p{Cc}]+$/u.test(value) ? value : JSON.stringify(value, plain);

/** A stack begins with the error's own text, which may come from outside: no line of it looks like one of ours. */
const indented = (stack: string) =>
  stack
    .split("\n")
    .map((line) => `    ${oneLine(line.trim())}`)
    .join("\n");

/** Text from outside cannot forge a second line or steer the terminal. */
const oneLine = (message: string) =>
  message.replaceAll(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));

const plain = (_name: string, value: unknown): unknown => {
  if (value instanceof Error) return { name: value.name, message: value.message, stack: value.stack };
  return typeof value === "bigint" ? String(value) : value;
};
