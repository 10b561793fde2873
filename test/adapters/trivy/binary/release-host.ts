import { once } from "node:events";
import { createServer } from "node:http";
import { onTestFinished } from "vitest";
import type { TrivyPin } from "../../../../shared/adapters/trivy/binary/trivy-pin.ts";

/** How one request is answered: in full, with an error, or broken off or held up in the middle. */
export type Answer = "whole" | "breakInTheMiddle" | "holdInTheMiddle" | number;

/** Serves the archive on loopback, with ranges. Requests beyond the given answers get the whole. */
export async function releaseHost(pin: TrivyPin, archive: Buffer, answers: readonly Answer[] = []) {
  const ranges: (string | undefined)[] = [];
  const held = Promise.withResolvers<undefined>();
  const release = Promise.withResolvers<undefined>();
  const server = createServer((request, response) => {
    const answer = answers[ranges.length] ?? "whole";
    ranges.push(request.headers.range);
    if (typeof answer === "number") return void response.writeHead(answer).end();
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    if (start >= archive.length) return void response.writeHead(416).end();
    const body = archive.subarray(start);
    const range = { "Content-Range": `bytes ${start}-${archive.length - 1}/${archive.length}` };
    response.writeHead(start > 0 ? 206 : 200, { "Content-Length": body.length, ...(start > 0 && range) });
    if (answer === "whole") return void response.end(body);
    const half = Math.floor(body.length / 2);
    response.write(body.subarray(0, half), () => {
      if (answer === "breakInTheMiddle") return void setTimeout(() => response.destroy(), 50);
      held.resolve(undefined);
      void release.promise.then(() => response.end(body.subarray(half)));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => server.close().closeAllConnections());
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    pin: { ...pin, releaseUrl: `http://127.0.0.1:${port}/download/v9.9.9` },
    /** The Range header of each request, in order. */
    ranges,
    held: held.promise,
    release: () => release.resolve(undefined),
  };
}
