/** The beginning of a text, at most so many bytes of UTF-8; never half a character. */
export function cutText(text: string, maximumBytes: number): string {
  // A UTF-16 unit is at most three bytes.
  if (text.length * 3 <= maximumBytes) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(maximumBytes));
  return text.slice(0, read);
}
