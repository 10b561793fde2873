import { aDigest } from "../../support/samples.ts";
import type { FunctionsWorld } from "../world/functions-world.ts";
import { recordings } from "./fixtures.ts";
import { writtenValue } from "./written-value.ts";

export interface HttpRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Stands for what is different each time, so that a seed makes the same inputs again; the host is as long as the real one. */
const placeholders = {
  default: "DEFAULT-KEY",
  master: "MASTER-KEY",
  eventgrid_extension: "WEBHOOK-KEY",
  registry: "REGISTRY-HOST.0",
} as const;

export function withoutPlaceholders(text: string, { keys, workshop }: FunctionsWorld): string {
  return text
    .replaceAll(placeholders.default, keys.default)
    .replaceAll(placeholders.master, keys.master)
    .replaceAll(placeholders.eventgrid_extension, keys.eventgrid_extension)
    .replaceAll(placeholders.registry, workshop.registry.host);
}

/** One request of every kind that is sent to Tidewatch, with keys that open what is asked for. */
export function httpRequests(): readonly HttpRequest[] {
  const keys = placeholders;
  const json = { "content-type": "application/json" };
  const key = { "x-functions-key": keys.default };
  const get = (target: string): HttpRequest => ({ method: "GET", target, headers: key, body: "" });
  const post = (target: string, body: unknown, headers: Record<string, string> = { ...key, ...json }): HttpRequest => ({
    method: "POST",
    target,
    headers,
    body,
  });
  const webhook = `/runtime/webhooks/eventgrid?functionName=receiveRegistryEvent&code=${keys.eventgrid_extension}`;
  const events = recordings("acr-events", "event").map((event): unknown => JSON.parse(event));
  return [
    get("/api/health"),
    get("/api/images?limit=10&registry=shop.azurecr.io&repository=team%2Fweb&tag=1.0&state=scanned&severity=high"),
    get("/api/images?cursor=eyJyZWdpc3RyeSI6IngifQ"),
    get(`/api/images/${"0".repeat(32)}`),
    get(`/api/images/${"0".repeat(32)}/findings?severity=low&fixable=true`),
    get("/api/vulnerabilities/CVE-2024-6119/images?limit=1"),
    { method: "HEAD", target: "/api/images", headers: key, body: "" },
    post("/api/scans", { image: `${keys.registry}/team/web:1.0` }),
    post("/api/scans", { image: `${keys.registry}/team/web@${aDigest()}` }),
    ...recordings("distribution", "envelope").map((envelope) =>
      post(`/api/registry-notifications?code=${keys.default}`, JSON.parse(envelope), {
        "content-type": "application/vnd.docker.distribution.events.v1+json",
      }),
    ),
    ...events.map((event) => post(webhook, [event], { ...json, "aeg-event-type": "Notification" })),
    post(webhook, events, { "content-type": "application/cloudevents-batch+json; charset=utf-8" }),
    { method: "OPTIONS", target: webhook, headers: { "webhook-request-origin": "eventgrid.azure.net" }, body: "" },
    get(`/admin/functions?code=${keys.master}`),
    get(`/admin/host/status?code=${keys.master}`),
    post(`/admin/functions/receiveRegistryEvent?code=${keys.master}`, { input: events[0] }),
  ];
}

/** As bytes on the wire; the connection is closed after the answer. */
export function httpText({ method, target, headers, body }: HttpRequest): string {
  const text = writtenValue(body);
  const lines = Object.entries({ host: "127.0.0.1", connection: "close", ...headers });
  const length = text === "" ? [] : [`content-length: ${Buffer.byteLength(text)}`];
  return [
    `${method} ${target} HTTP/1.1`,
    ...lines.map(([name, value]) => `${name}: ${value}`),
    ...length,
    "",
    text,
  ].join("\r\n");
}
