import type { ImageId, ImageRecord } from "../domain/image-record.ts";

/**
 * What one transaction may hold in every store, so that nothing comes to rely on what Cosmos DB refuses: 2 MB for a
 * document, 2 MB and 100 operations for a batch on one partition, ids of at most 1,023 bytes without `/ \ ? #`.
 * https://learn.microsoft.com/azure/cosmos-db/concepts-limits
 */
export function assertStorable(documents: readonly { readonly id: string; readonly json: string }[]): void {
  if (documents.length > maximumOperations)
    throw new StoreLimitError(
      `One transaction would write ${documents.length} documents; ${maximumOperations} are allowed. ` +
        "Write them in several steps, or as fewer documents.",
    );
  let total = 0;
  for (const { id, json } of documents) {
    if (!storableId.test(id))
      throw new StoreLimitError(
        `"${id.slice(0, 100)}" cannot name a document. Use up to 255 letters, digits and any of . _ : @ -`,
      );
    total += Buffer.byteLength(json) + operationOverhead;
    if (total > maximumBytes)
      throw new StoreLimitError(
        `The document ${id} makes the transaction larger than ${maximumBytes} bytes. ` +
          "Store less in it, or split what is written.",
      );
  }
}

/** One transaction reaches one partition, and that is one image. */
export function assertSamePartition(
  record: ImageRecord,
  entries: readonly { readonly id: string; readonly image: ImageId }[],
): void {
  const stray = entries.find(({ image }) => image !== record.id);
  if (stray !== undefined)
    throw new StoreLimitError(`The entry ${stray.id} is about ${stray.image} and not about ${record.id}.`);
}

/** A bug in what was written, not a passing failure: the same write fails again. */
export class StoreLimitError extends Error {
  override name = "StoreLimitError";
}

const storableId = /^[A-Za-z0-9._:@-]{1,255}$/;

const maximumOperations = 100;

/** 2 MB and some room: the service adds its own properties to each document. */
const maximumBytes = 2_000_000;

/** What a batch request adds around each document: kind of operation, id, etag. */
const operationOverhead = 300;
