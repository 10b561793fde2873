/**
 * What is missing in a refusal so that a person could act on it, or undefined when nothing is: it is a sentence that
 * says where the fault is or what was expected, short, fit for a terminal, and does not hand on the input.
 */
export function whyUnexplained(message: string, input: Uint8Array): string | undefined {
  if (message.trim() === "") return "the reason is empty";
  if (message.length > 2000) return `the reason has ${message.length} characters`;
  if (/[^\P{Cc}\n]/u.test(message)) return "the reason has control characters";
  if (!message.isWellFormed()) return "the reason has half a character";
  if (/\n\s+at \S+.*:\d+/.test(message)) return "the reason has a stack";
  if (/Cannot read propert|undefined is not|\[object |is not a function|is not iterable/.test(message))
    return "the reason is JavaScript's";
  if ((message.match(/[\p{L}\d]\S*/gu) ?? []).length < 3) return "the reason is no sentence";
  if (!saysWhere.test(message) && !saysWhat.test(message)) return "the reason says neither where nor what";
  return echoes(message, input) ? "the reason repeats the input" : undefined;
}

/** A field or path in front of a colon, or a place in a file. */
const saysWhere = /(?:^|[\s"(])(?:[\w$[\]@/-]+(?:\.[\w$[\]@/-]+)*: |line \d+, column \d+)/;

const saysWhat =
  /\b(?:expected|must|send|name a|at most|at least|too|larger|more than|there (?:is|are) no|has no|have no|is no|is not|with this id|are not|does not|cannot|neither|not allowed|missing|only|answered|refused|unknown|no such|nothing|no image|names|asks? for|asked for|sent|allowed|nested)\b/i;

/** More than 200 characters of the input in one piece. */
function echoes(message: string, input: Uint8Array): boolean {
  if (message.length <= most) return false;
  const text = Buffer.from(input).toString();
  const forms = [text, text.toLowerCase()];
  for (let start = 0; start + most < message.length; start += 1) {
    const piece = message.slice(start, start + most + 1);
    if (forms.some((form) => form.includes(piece))) return true;
  }
  return false;
}

const most = 200;
