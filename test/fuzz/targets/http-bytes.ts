import { httpRequests, httpText, withoutPlaceholders } from "../corpus/http-requests.ts";
import type { FuzzTarget } from "../fuzz-target.ts";
import { openFunctionsWorld } from "../world/functions-world.ts";
import { judgeAnswer } from "../world/judge-answer.ts";
import { sendBytes } from "../world/send-bytes.ts";

export const target: FuzzTarget = {
  about: "bytes sent to the HTTP server, most of them no HTTP any more",
  format: "text",
  tokens: [
    ...["\r\n", "\n", "\r\n\r\n", " HTTP/1.1", "HTTP/9.9", "transfer-encoding: chunked\r\n", "content-length: 1\r\n"],
    ...["content-length: -1\r\n", "expect: 100-continue\r\n", "connection: upgrade\r\nupgrade: h2c\r\n", "0\r\n\r\n"],
    ...["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "CONNECT a:1 HTTP/1.1\r\n\r\n", "\u0016\u0003\u0001", "host: [::1]:x\r\n"],
    ...["ffffffffffffffff\r\n", "cookie: a=b\r\n", "GET http://x/y HTTP/1.1\r\n"],
  ],
  open: async () => {
    const world = await openFunctionsWorld();
    return {
      corpus: httpRequests().map(httpText),
      run: async (input) => {
        const bytes = withoutPlaceholders(Buffer.from(input).toString("latin1"), world);
        const answer = await sendBytes(world.port, Buffer.from(bytes, "latin1"), patienceMs);
        return judgeAnswer(answer, world.errors());
      },
      close: async () => world[Symbol.asyncDispose](),
    };
  },
};

/** A request that was cut short is never answered; one that is whole is answered in less. */
const patienceMs = 40;
