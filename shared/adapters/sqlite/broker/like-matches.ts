/**
 * SQL's LIKE: % stands for any text, _ for any one character (a UTF-16 unit, as in .NET). At worst it takes time in
 * proportion to text × pattern, where a regular expression could take for ever.
 */
export function likeMatches(text: string, pattern: string, escape: string | undefined): boolean {
  const steps = parsePattern(pattern, escape);
  let at = 0;
  let step = 0;
  let lastAnyText = -1;
  let resumeAt = 0;

  while (at < text.length) {
    const current = steps[step];
    if (current === ANY_TEXT) {
      lastAnyText = step;
      resumeAt = at;
      step += 1;
    } else if (current !== undefined && (current === ANY_CHARACTER || current === text[at])) {
      at += 1;
      step += 1;
    } else if (lastAnyText >= 0) {
      // Lets the last % take one character more, and tries again from there.
      resumeAt += 1;
      at = resumeAt;
      step = lastAnyText + 1;
    } else {
      return false;
    }
  }
  return steps.slice(step).every((rest) => rest === ANY_TEXT);
}

const ANY_TEXT = Symbol("%");
const ANY_CHARACTER = Symbol("_");

function parsePattern(pattern: string, escape: string | undefined): readonly (string | symbol)[] {
  const steps: (string | symbol)[] = [];
  let escaped = false;
  for (const character of pattern.split("")) {
    if (!escaped && character === escape) {
      escaped = true;
      continue;
    }
    if (escaped || (character !== "%" && character !== "_")) steps.push(character);
    else steps.push(character === "%" ? ANY_TEXT : ANY_CHARACTER);
    escaped = false;
  }
  return steps;
}
