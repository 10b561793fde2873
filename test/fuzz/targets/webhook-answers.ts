import { once } from "node:events";
import { createServer } from "node:net";
import { signedWebhookSender } from "../../../shared/adapters/webhook/signed-webhook-sender.ts";
import { Secret } from "../../../shared/domain/secret.ts";
import {
  parseStoredDeliveryAttempt,
  toStoredDeliveryAttempt,
} from "../../../shared/messages/stored-delivery-attempt.ts";
import { registryAnswers } from "../corpus/registry-answers.ts";
import { accepted, type FuzzTarget } from "../fuzz-target.ts";

export const target: FuzzTarget = {
  about: "what the receiver of a webhook answers, over real sockets",
  format: "text",
  tokens: [
    ...[
      "\r\n",
      "\r\n\r\n",
      "HTTP/1.1 204 No Content\r\n\r\n",
      "content-length: 5\r\n",
      "transfer-encoding: chunked\r\n",
    ],
    ...["location: https://localhost:1/\r\n", "retry-after: 99999999\r\n", "HTTP/1.1 999 x\r\n", "\u001b[31m", "\0"],
  ],
  open: async () => {
    let answer: Uint8Array = new Uint8Array();
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.end(answer));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const url = new URL(`http://127.0.0.1:${typeof address === "object" ? (address?.port ?? 0) : 0}/`);
    const sender = signedWebhookSender({ userAgent: "tidewatch/fuzz", timeoutMs: 1000 });
    const sentAt = new Date("2026-11-21T08:00:00Z");
    const request = { url, secret: new Secret(`whsec_${"A".repeat(32)}`), id: "0".repeat(32), sentAt, body: "{}" };
    const about = { subscriber: "desk", alertId: request.id, attempt: 1, at: sentAt, durationMs: 1 };
    return {
      corpus: registryAnswers,
      run: async (input) => {
        answer = input;
        const sent = await sender.send(request);
        const stored = JSON.stringify(toStoredDeliveryAttempt({ ...about, answer: sent }));
        if (JSON.stringify(toStoredDeliveryAttempt(parseStoredDeliveryAttempt(JSON.parse(stored)))) !== stored)
          throw new Error("It does not come out of the store as it went in.");
        // The system's words: only that they can be shown.
        if (sent.kind === "unreachable" && (sent.detail.length > 300 || /\p{Cc}/u.test(sent.detail)))
          throw new Error("The detail cannot be shown.");
        return accepted;
      },
      close: async () => void server.close(),
    };
  },
};
