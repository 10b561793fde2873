import { createServer } from "node:net";
import { once } from "node:events";
import { configuredRegistryCredentials } from "../../../shared/adapters/oci/configured-registry-credentials.ts";
import { ociImageRegistry } from "../../../shared/adapters/oci/oci-image-registry.ts";
import { ociRegistryCatalog } from "../../../shared/adapters/oci/oci-registry-catalog.ts";
import { DeadLetterError, RetryLaterError } from "../../../shared/domain/failure.ts";
import { parseRegistryHost, parseRepository, parseTag } from "../../../shared/domain/image-reference.ts";
import { systemClock } from "../../../shared/ports/clock.ts";
import { registryAnswers } from "../corpus/registry-answers.ts";
import { aDigest } from "../../support/samples.ts";
import { endingOf, type Ending, type FuzzTarget } from "../fuzz-target.ts";

export const target: FuzzTarget = {
  about: "what a registry sends, head and body, to the registry client over real sockets",
  format: "text",
  tokens: [
    ...["\r\n", "\r\n\r\n", "HTTP/1.1 200 OK\r\n", "content-length: 5\r\n", "transfer-encoding: chunked\r\n"],
    ...[
      "location: /v2/x\r\n",
      'www-authenticate: Bearer realm="/"\r\n',
      'link: </v2/>; rel="next"\r\n',
      "null",
      "1e999",
    ],
    ...["docker-content-digest: sha256:\r\n", "content-encoding: gzip\r\n", "retry-after: 99999999\r\n"],
  ],
  open: async () => {
    let answer: Uint8Array = new Uint8Array();
    // Every request gets the same answer, so a redirect or a next page leads to it again.
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.end(answer));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const host = parseRegistryHost(`127.0.0.1:${typeof address === "object" ? (address?.port ?? 0) : 0}`);
    const options = {
      credentials: configuredRegistryCredentials({}),
      clock: systemClock,
      userAgent: "tidewatch/fuzz",
      insecureRegistries: [host],
      timeoutSeconds: 1,
    };
    const client = ociImageRegistry(options);
    const catalog = ociRegistryCatalog(options);
    const repository = { registry: host, repository: parseRepository("team/web") };
    const image = { ...repository, digest: aDigest() };
    const questions: readonly (() => unknown)[] = [
      () => client.readManifest(image),
      () => client.resolveTag(repository, parseTag("1.0")),
      () => client.readBlob(repository, image.digest, { maxBytes: 100_000 }),
      () => some(client.listTags(repository)),
      () => some(client.listRepositories(host)),
      () => some(client.listReferrers(image)),
      async () => catalog.listRepositories(host, (await catalog.listRepositories(host)).next),
      async () => catalog.listManifests(repository, (await catalog.listManifests(repository)).next),
    ];
    let asked = 0;
    return {
      corpus: registryAnswers,
      run: async (input): Promise<Ending> => {
        answer = input;
        const question = questions[asked++ % questions.length] ?? (() => undefined);
        return endingOf(question, [RetryLaterError, DeadLetterError]);
      },
      close: async () => void server.close(),
    };
  },
};

/** Enough to see that the client goes on, and stops when it is not asked for more. */
async function some(values: AsyncIterable<unknown>): Promise<void> {
  const iterator = values[Symbol.asyncIterator]();
  for (let count = 0; count < 300; count += 1) if ((await iterator.next()).done === true) return;
  await iterator.return?.();
}
