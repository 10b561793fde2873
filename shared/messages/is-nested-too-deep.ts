/**
 * Whether JSON text has values inside values more than 500 levels deep. JSON.parse takes any depth, and almost everything
 * that is done with the value afterwards, JSON.stringify for one, calls itself for each level until the stack is full.
 */
export function isNestedTooDeep(text: string): boolean {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (inString) {
      if (character === "\\") at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "[" || character === "{") deepest = Math.max(deepest, (depth += 1));
    else if (character === "]" || character === "}") depth -= 1;
  }
  return deepest > mostLevels;
}

const mostLevels = 500;
