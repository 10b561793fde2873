/** Like map, a few at a time. Rejects with the first error by order once its group has ended; nothing runs on then. */
export async function inGroups<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += groupSize) {
    const group = await Promise.allSettled(items.slice(start, start + groupSize).map(work));
    for (const each of group) {
      if (each.status === "rejected") throw each.reason;
      results.push(each.value);
    }
  }
  return results;
}

/** Enough for a slow registry to be kept at its rate, and for a store that commits together what comes together. */
const groupSize = 32;
