import fc from "fast-check";
import { junkNumber, junkText } from "./junk.ts";
import type { Random } from "./random.ts";

/** A JSON value as it is written: what JSON.stringify cannot say goes in as {@link rawJson}. */
export type Json = null | boolean | number | string | Json[] | Map<string, Json> | RawJson;

interface RawJson {
  readonly raw: string;
}

/** One change somewhere in the value: dropped, doubled, of another type, too long, too deep, or out of another input. */
export function mutateValue(random: Random, value: Json, other: Json): Json {
  const places = placesIn(value);
  const place = random.pickAny(places);
  if (place === undefined) return replacement(random, value, other);
  const { parent, key } = place;
  if (Array.isArray(parent)) {
    const index = Number(key);
    const item = parent[index] ?? null;
    const change = random.below(6);
    if (change === 0) parent.splice(index, 1);
    else if (change === 1) parent.splice(index, 0, ...repeated(random, item, random.chance(0.1) ? 3000 : 3));
    else parent[index] = replacement(random, item, other);
    return value;
  }
  const item = parent.get(key) ?? null;
  switch (random.below(8)) {
    case 0:
      parent.delete(key);
      break;
    case 1:
      parent.delete(key);
      parent.set(junkText(random, key), item);
      break;
    case 2:
      parent.set(junkText(random, key), replacement(random, item, other));
      break;
    case 3:
      parent.set("__proto__", random.pick([new Map([["polluted", true]]), item, null]));
      break;
    default:
      parent.set(key, replacement(random, item, other));
  }
  return value;
}

interface Place {
  readonly parent: Json[] | Map<string, Json>;
  readonly key: string;
}

function placesIn(value: Json): readonly Place[] {
  const places: Place[] = [];
  const waiting: Json[] = [value];
  for (let each = waiting.pop(); each !== undefined; each = waiting.pop()) {
    if (Array.isArray(each) || each instanceof Map) {
      for (const [key, item] of each.entries()) {
        places.push({ parent: each, key: String(key) });
        waiting.push(item);
      }
    }
  }
  return places;
}

function replacement(random: Random, value: Json, other: Json): Json {
  const change = random.below(14);
  if (change === 0) return random.pick([null, true, false, "", 0, "0", "false"]);
  if (change === 1) return random.chance(0.5) ? [value] : new Map([["value", value]]);
  if (change === 2) return random.chance(0.5) ? [] : new Map();
  if (change === 3) return nested(random, value);
  if (change === 4) return random.pick([rawJson("1e999"), rawJson("-1e999"), rawJson("-0"), rawJson("1".repeat(400))]);
  if (change === 5) return random.pickAny(everyValueIn(other)) ?? null;
  if (change === 6)
    return toJson(fc.sample(fc.jsonValue({ maxDepth: 3 }), { numRuns: 1, seed: random.below(2 ** 31) })[0]);
  if (change === 7 && random.chance(0.1)) return repeated(random, value, 6000);
  if (typeof value === "number") return random.chance(0.7) ? junkNumber(random, value) : String(value);
  return junkText(random, typeof value === "string" ? value : "text");
}

/** Not beyond what a body may have. */
function repeated(random: Random, item: Json, most: number): Json[] {
  const room = Math.floor(1_000_000 / formatJson(item, random).length);
  return Array.from({ length: random.below(Math.min(most, room)) }, () => item);
}

/** Deep enough, now and then, for whoever calls himself for each level. */
function nested(random: Random, value: Json): Json {
  const depth = random.pick([2, 10, 100, 1000, 10_000, 100_000]);
  const inner = typeof value === "string" ? JSON.stringify(value) : "1";
  return random.chance(0.5)
    ? rawJson(`${"[".repeat(depth)}${inner}${"]".repeat(depth)}`)
    : rawJson(`${'{"a":'.repeat(depth)}${inner}${"}".repeat(depth)}`);
}

function everyValueIn(value: Json): readonly Json[] {
  return placesIn(value).map(({ parent, key }) =>
    Array.isArray(parent) ? (parent[Number(key)] ?? null) : (parent.get(key) ?? null),
  );
}

const rawJson = (raw: string): RawJson => ({ raw });

/** Maps instead of objects: keys such as __proto__ are keys like others there. */
export function toJson(value: unknown): Json {
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === "object" && value !== null)
    return new Map(Object.entries(value).map(([key, each]) => [key, toJson(each)]));
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}

/** JSON text, in which a key may stand twice. */
export function formatJson(value: Json, random: Random): string {
  if (Array.isArray(value)) return `[${value.map((each) => formatJson(each, random)).join(",")}]`;
  if (value instanceof Map) {
    const members = [...value].map(([key, each]) => `${JSON.stringify(key)}:${formatJson(each, random)}`);
    if (random.chance(0.005)) members.push(...members.slice(0, 1), `${JSON.stringify([...value.keys()][0] ?? "")}:1`);
    return `{${members.join(",")}}`;
  }
  return typeof value === "object" && value !== null ? value.raw : JSON.stringify(value);
}
