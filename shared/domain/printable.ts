/**
 * A foreign text as part of a message for a person: at most so many characters, on one line, and nothing in it that a
 * terminal or a log would take for an order. Control and format characters and half characters are shown as \u….
 */
export function printable(text: string, mostCharacters = 100): string {
  const shown = text
    .slice(0, mostCharacters)
    .replaceAll(
      /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
      (each) => `\\u${(each.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
    );
  // What is escaped is longer than it was, and the second cut may go through a character, too.
  const cut = shown.slice(0, mostCharacters).replace(/\p{Cs}$/u, "");
  return cut.length < shown.length || text.length > mostCharacters ? `${cut}…` : cut;
}
