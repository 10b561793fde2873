/**
 * Runs of items, in order and without gaps, none of which passes {@link targetBytes} of JSON unless it is one large item.
 * None for no items. The same items give the same runs.
 */
export function* cutBySize<T>(items: readonly T[], targetBytes = 1_000_000): Generator<readonly T[]> {
  // Most fit into one run, and measuring each item takes longer than measuring all at once.
  if (items.length > 0 && JSON.stringify(items).length * mostBytesPerUnit <= targetBytes) {
    yield items;
    return;
  }
  let start = 0;
  let bytes = 0;
  for (const [index, item] of items.entries()) {
    const size = Buffer.byteLength(JSON.stringify(item));
    if (bytes > 0 && bytes + size > targetBytes) {
      yield items.slice(start, index);
      start = index;
      bytes = 0;
    }
    bytes += size;
  }
  if (start < items.length) yield items.slice(start);
}

/** Of UTF-8 for one unit of a JavaScript string. */
const mostBytesPerUnit = 3;
