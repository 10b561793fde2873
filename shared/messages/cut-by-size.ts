export interface Run<T> {
  readonly items: readonly T[];
  /** The items as a JSON array: measuring takes as much as writing, so it is done once. */
  readonly json: string;
}

/**
 * Runs of items, in order and without gaps, none of which passes {@link targetBytes} of JSON unless it is one large item.
 * None for no items. The same items give the same runs.
 */
export function* cutBySize<T>(items: readonly T[], targetBytes = 1_000_000): Generator<Run<T>> {
  if (items.length === 0) return;
  // Most fit into one run, and writing each item takes longer than writing all at once.
  const json = JSON.stringify(items);
  if (Buffer.byteLength(json) <= targetBytes) yield { items, json };
  else yield* cutByItem(items, targetBytes);
}

function* cutByItem<T>(items: readonly T[], targetBytes: number): Generator<Run<T>> {
  let texts: string[] = [];
  let bytes = 0;
  const runTo = (end: number) => ({ items: items.slice(end - texts.length, end), json: `[${texts.join(",")}]` });
  for (const [index, item] of items.entries()) {
    const text = JSON.stringify(item);
    const size = Buffer.byteLength(text);
    if (texts.length > 0 && bytes + size > targetBytes) {
      yield runTo(index);
      texts = [];
      bytes = 0;
    }
    texts.push(text);
    bytes += size;
  }
  yield runTo(items.length);
}
