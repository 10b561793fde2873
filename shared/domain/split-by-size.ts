/** In order and whole: an item that is larger than the room has a part of its own. */
export function splitBySize<T>(items: readonly T[], maximumBytes: number): readonly (readonly T[])[] {
  const parts: T[][] = [];
  let room = 0;
  for (const item of items) {
    const size = bytesWithin(JSON.stringify(item));
    const part = parts.at(-1);
    if (part === undefined || size > room) {
      parts.push([item]);
      room = maximumBytes - size;
    } else {
      part.push(item);
      room -= size;
    }
  }
  return parts;
}

/** UTF-8 bytes of a text as a string inside other JSON, where quotes and backslashes are escaped. */
export function bytesWithin(json: string): number {
  return encoder.encode(json).length + (json.match(/["\\]/g)?.length ?? 0) + 2;
}

const encoder = new TextEncoder();
