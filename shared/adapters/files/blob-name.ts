/**
 * The file name of a blob. All files lie in one directory, so that no name can be both a file and a directory, and
 * nothing in a name can lead out of it: a slash becomes `_`, which no name holds, and no part begins with a dot.
 */
export function fileNameOf(blobName: string): string {
  if (blobName.length > maximumLength || !blobNamePattern.test(blobName)) throw new InvalidBlobNameError(blobName);
  return blobName.replaceAll("/", "_");
}

/** The other way round. */
export function blobNameOf(fileName: string): string {
  return fileName.replaceAll("_", "/");
}

export class InvalidBlobNameError extends Error {
  override name = "InvalidBlobNameError";

  constructor(blobName: string) {
    super(
      `Not a blob name: ${JSON.stringify(blobName.slice(0, 300))}. Use parts of lower case letters, digits, - and . ` +
        `that begin with a letter or digit, with / between them, ${maximumLength} characters in all.`,
    );
  }
}

/** The longest file name that common file systems take has 255 bytes. */
const maximumLength = 255;

const blobNamePattern = /^[a-z0-9][a-z0-9.-]*(?:\/[a-z0-9][a-z0-9.-]*)*$/;
