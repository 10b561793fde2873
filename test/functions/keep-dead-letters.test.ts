import { expect, it, onTestFinished } from "vitest";
import { openBroker } from "../../shared/adapters/sqlite/broker/open-broker.ts";
import { subscriptionPath } from "../../shared/adapters/sqlite/broker/entities.ts";
import { brokerEntities } from "../../shared/hosts/embedded/broker-entities.ts";
import { hostJson } from "../../shared/hosts/embedded/host-json.ts";
import { provideHost } from "../../shared/hosts/current-host.ts";
import { findingsTopic, webhooksSubscription } from "../../shared/messages/entities.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import { join } from "node:path";
import { startHost, temporaryDirectory } from "../hosts/embedded/functions/start-host.ts";
import { eventually } from "../end-to-end/eventually.ts";
import { openWorkshop } from "../use-cases/workshop.ts";

it.each([
  ["scan-requests", "scan-requests", { kind: "queue", queue: "scan-requests" }, "scanImage"],
  ["sbom-requests", "sbom-requests", { kind: "queue", queue: "sbom-requests" }, "storeSbom"],
  ["webhook-deliveries", "webhook-deliveries", { kind: "queue", queue: "webhook-deliveries" }, "deliverWebhook"],
  [findingsTopic, subscriptionPath(findingsTopic, webhooksSubscription), { kind: "alert" }, "dispatchAlert"],
])(
  "a message of %s that was delivered too often becomes a dead letter that says why",
  async (entity, path, origin, source) => {
    const workshop = await openWorkshop();
    onTestFinished(() => workshop[Symbol.asyncDispose]());
    provideHost(workshop.host);
    onTestFinished(() => provideHost(undefined));
    const file = join(await temporaryDirectory(), "broker.db");
    const broker = openBroker({ file, clock: systemClock, entities: brokerEntities });
    onTestFinished(() => broker.close());
    await broker.send(entity, [{ body: '{"broken": true}', contentType: "application/json" }]);
    const [message] = await broker.receive(path, 1);
    if (message === undefined) throw new Error("The message has to come.");
    const why = { reason: "MaxDeliveryCountExceeded", errorDescription: "It was delivered ten times." };
    await broker.deadLetter(message, why);

    await startHost({ functions: () => import("../../functions/index.ts"), hostJson: await hostJson(2), broker });
    const letter = await eventually(async () => {
      const [head] = (await workshop.host.listDeadLetters({}, { limit: 10 })).items;
      expect(head).toBeDefined();
      return (await workshop.host.readDeadLetter(head?.id ?? ""))?.value;
    });

    expect(letter).toMatchObject({ source, origin, reason: why.reason, detail: why.errorDescription, count: 1 });
    expect(JSON.parse(letter?.body ?? "")).toEqual({ broken: true });
    await eventually(async () => expect(await broker.counts(path)).toMatchObject({ active: 0, deadLettered: 0 }));
  },
);
