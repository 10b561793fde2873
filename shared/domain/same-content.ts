/** Whether two values would be stored as the same: what is undefined counts as missing, and keys have no order. */
export function isSameContent(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (!isObject(a) || !isObject(b)) return false;
  if (a instanceof Date || b instanceof Date)
    return a instanceof Date && b instanceof Date && a.getTime() === b.getTime();
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const ofA = Object.entries(a).filter(([, value]) => value !== undefined);
  const ofB = new Map(Object.entries(b).filter(([, value]) => value !== undefined));
  return ofA.length === ofB.size && ofA.every(([key, value]) => ofB.has(key) && isSameContent(value, ofB.get(key)));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
