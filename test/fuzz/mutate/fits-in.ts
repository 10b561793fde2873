import type { Json } from "./mutate-value.ts";

/** Whether the value has at most about so many characters as JSON. Does not look at more than that. */
export function fitsIn(value: Json, mostCharacters: number): boolean {
  const waiting: Json[] = [value];
  let room = mostCharacters;
  for (let each = waiting.pop(); each !== undefined; each = waiting.pop()) {
    room -= 2;
    if (typeof each === "string") room -= each.length;
    else if (Array.isArray(each)) for (const item of each) waiting.push(item);
    else if (each instanceof Map) {
      for (const [key, item] of each) {
        room -= key.length;
        waiting.push(item);
      }
    } else if (typeof each === "object" && each !== null) room -= each.raw.length;
    if (room < waiting.length) return false;
  }
  return true;
}
