import { printable } from "./printable.ts";

declare const digestBrand: unique symbol;

/** Content address of a manifest or blob, `sha256:` and 64 hexadecimal digits. Only sha256 is used by the registries we read. */
export type Digest = string & { readonly [digestBrand]: true };

/** Every digest in the system has passed through here, so no other code checks again. */
export function parseDigest(text: string): Digest {
  if (!isDigest(text)) throw new InvalidDigestError(text);
  return text;
}

export function isDigest(text: string): text is Digest {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}

export class InvalidDigestError extends Error {
  override name = "InvalidDigestError";

  constructor(text: string) {
    super(`Not a digest: "${printable(text)}". Expected sha256: and 64 hexadecimal digits.`);
  }
}
