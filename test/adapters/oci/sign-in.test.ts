import { inspect } from "node:util";
import { afterEach, describe, expect, it } from "vitest";

import { configuredRegistryCredentials } from "../../../shared/adapters/oci/configured-registry-credentials.ts";
import { obtainGrant } from "../../../shared/adapters/oci/grant.ts";
import { parseChallenges } from "../../../shared/adapters/oci/challenge.ts";
import { ociImageRegistry } from "../../../shared/adapters/oci/oci-image-registry.ts";
import { parseDigest } from "../../../shared/domain/digest.ts";
import { parseRegistryHost, parseRepository, parseTag } from "../../../shared/domain/image-reference.ts";
import { Secret } from "../../../shared/domain/secret.ts";
import { RegistryAccessError } from "../../../shared/ports/image-registry.ts";
import type { RegistryCredential } from "../../../shared/ports/registry-credentials.ts";
import type { RegistryAuth } from "../../support/registry/registry-authorization.ts";
import { startInProcessRegistry, type InProcessRegistry } from "../../support/registry/in-process-registry.ts";

const PASSWORD = "correct-horse";
const TOKENS = { kind: "token", username: "reader", password: PASSWORD, lifetimeSeconds: 300 } as const;
const BASIC = { kind: "basic", username: "reader", password: PASSWORD } as const;
const signedIn: RegistryCredential = { kind: "basic", username: "reader", password: new Secret(PASSWORD) };
const repository = parseRepository("team/web");
const digest = parseDigest(`sha256:${"0".repeat(64)}`);

describe("signing in to a registry", () => {
  const started: InProcessRegistry[] = [];
  afterEach(async () => {
    for (const server of started.splice(0)) await server.close();
  });

  /** Reading a manifest that is not there needs the same permission as any other and no content. */
  const setUp = async (auth: RegistryAuth, credential: RegistryCredential) => {
    const server = await startInProcessRegistry({ auth });
    started.push(server);
    const clock = manualClock();
    const registry = ociImageRegistry({
      credentials: configuredRegistryCredentials({ [server.host]: credential }),
      clock,
      userAgent: "tidewatch/test",
      insecureRegistries: ["127.0.0.1"],
    });
    const read = () => registry.readManifest({ registry: server.host, repository, digest });
    const tokenRequests = () => server.requests.matching("GET", /^\/token/);
    return { server, clock, registry, read, tokenRequests };
  };

  it("shows the password to the token service and the token to the registry, and asks for one token only", async () => {
    const { server, read, tokenRequests } = await setUp(TOKENS, signedIn);

    await read();
    await read();

    const basic = `Basic ${Buffer.from(`reader:${PASSWORD}`).toString("base64")}`;
    expect(tokenRequests().map(({ headers }) => headers.authorization)).toEqual([basic]);
    expect(tokenRequests()[0]?.path).toContain(`scope=${encodeURIComponent(`repository:${repository}:pull`)}`);
    expect(server.requests.matching("GET", /manifests/).map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      expect.stringMatching(/^Bearer /),
      expect.stringMatching(/^Bearer /),
    ]);
  });

  it("shares one token among callers who come at the same time", async () => {
    const { read, tokenRequests } = await setUp(TOKENS, signedIn);

    await Promise.all(Array.from({ length: 10 }, read));

    expect(tokenRequests()).toHaveLength(1);
  });

  it("gets another token shortly before the old one ends", async () => {
    const { clock, read, tokenRequests } = await setUp(TOKENS, signedIn);
    await read();

    clock.pass(269_000);
    await read();
    expect(tokenRequests()).toHaveLength(1);

    clock.pass(2000);
    await read();
    expect(tokenRequests()).toHaveLength(2);
  });

  it("gets one other token when the registry no longer takes the one it gave out", async () => {
    const { server, read, tokenRequests } = await setUp(TOKENS, signedIn);
    await read();

    server.revokeTokens();
    await Promise.all([read(), read(), read()]);

    expect(tokenRequests()).toHaveLength(2);
  });

  it("keeps the token for listing apart from the one for pulling", async () => {
    const { server, registry, read, tokenRequests } = await setUp(TOKENS, signedIn);

    await read();
    for await (const name of registry.listRepositories(server.host)) expect(name).toBeDefined();
    await read();

    expect(tokenRequests()).toHaveLength(2);
  });

  it("takes a token without a name where the registry gives them to everybody", async () => {
    const { read, tokenRequests } = await setUp({ ...TOKENS, anonymousPull: true }, { kind: "anonymous" });

    expect(await read()).toBeUndefined();
    expect(tokenRequests().map(({ authorized }) => authorized)).toEqual([false]);
  });

  it("remembers that a registry wants Basic", async () => {
    const { server, read } = await setUp(BASIC, signedIn);

    await read();
    await read();

    expect(server.requests.all().map(({ authorized }) => authorized)).toEqual([false, true, true]);
  });

  it("presents a ready access token as it is", async () => {
    const { server, read } = await setUp(TOKENS, { kind: "bearer", token: new Secret("given") });

    await expect(read()).rejects.toBeInstanceOf(RegistryAccessError);
    expect(server.requests.all().map(({ headers }) => headers.authorization)).toEqual([undefined, "Bearer given"]);
  });

  const wrong: RegistryCredential = { kind: "basic", username: "reader", password: new Secret("stale-secret") };
  it.each<[string, RegistryAuth, RegistryCredential]>([
    ["the password is wrong for Basic", BASIC, wrong],
    ["the password is wrong for the token service", TOKENS, wrong],
    ["there is no credential for Basic", BASIC, { kind: "anonymous" }],
    ["there is no credential for the token service", TOKENS, { kind: "anonymous" }],
    ["the token cannot be sent", TOKENS, { kind: "bearer", token: new Secret("stale-secret\n") }],
  ])("waits a quarter of an hour for a person and shows no secret when %s", async (_, auth, credential) => {
    const { server, read } = await setUp(auth, credential);

    const error: unknown = await read().catch((reason: unknown) => reason);

    expect(error).toMatchObject({ name: "RegistryAccessError", notBefore: new Date(900_000) });
    expect(String(error)).toContain(server.host);
    expect(inspect(error, { depth: Infinity })).not.toMatch(/stale-secret|c3RhbGUtc2VjcmV0|Basic |Bearer /);
  });

  it("says which registry forbids the reading", async () => {
    const { server, read } = await setUp(BASIC, signedIn);
    const body = '{"errors":[{"code":"DENIED","message":"no"}]}';
    server.faults.add({ path: /manifests/, fault: { kind: "answer", status: 403, body } });

    await expect(read()).rejects.toThrow(`${server.host} does not allow this (403 DENIED)`);
  });

  it("leaves the sign-in at home when a redirect leads to another port, even if that one asks for it", async () => {
    const storage = await setUp(BASIC, signedIn);
    const { server, registry } = await setUp(BASIC, signedIn);
    const location = `${storage.server.url}/v2/${repository}/manifests/1.0`;
    server.faults.add({ path: /elsewhere/, fault: { kind: "answer", status: 307, headers: { location } } });
    await registry.readManifest({ registry: server.host, repository, digest });

    const reading = registry.resolveTag({ registry: server.host, repository }, parseTag("elsewhere"));

    await expect(reading).rejects.toMatchObject({ name: "RetryLaterError" });
    expect(server.requests.matching("HEAD", /elsewhere/).map(({ authorized }) => authorized)).toEqual([true]);
    expect(storage.server.requests.all().map(({ authorized }) => authorized)).toEqual([false]);
  });

  it.each([
    "http://169.254.169.254/token",
    "http://shop.azurecr.io/token",
    "file:///etc/passwd",
    "https://me@host/",
    "x",
    "",
  ])("sends no credential to the token service %j of an https registry", async (realm) => {
    const asked: URL[] = [];
    const exchange = async ({ url }: { readonly url: URL }) => {
      asked.push(url);
      throw new Error("Nobody should be asked.");
    };
    const ports = { credentials: async () => signedIn, clock: manualClock(), exchange };
    const registry = parseRegistryHost("shop.azurecr.io");

    const grant = obtainGrant(
      ports,
      registry,
      new URL(`https://${registry}`),
      parseChallenges(`Bearer realm="${realm}"`),
    );

    await expect(grant).rejects.toBeInstanceOf(RegistryAccessError);
    expect(asked).toEqual([]);
  });

  it("lets one caller leave without taking the token from the others", async () => {
    const { server, registry, read, tokenRequests } = await setUp(TOKENS, signedIn);
    server.faults.add({ path: /^\/token/, times: 1, fault: { kind: "slow", pauseMs: 1 } });
    const stop = new AbortController();

    const leaving = registry.readManifest({ registry: server.host, repository, digest }, stop.signal);
    const staying = read();
    setTimeout(() => stop.abort(new Error("enough")), 30);

    await expect(leaving).rejects.toThrow("enough");
    expect(await staying).toBeUndefined();
    expect(tokenRequests()).toHaveLength(1);
  });

  it("lets a caller leave who waits for a token service that does not answer", { timeout: 5000 }, async () => {
    const { server, registry } = await setUp(TOKENS, signedIn);
    server.faults.add({ path: /^\/token/, fault: { kind: "hang" } });
    const stop = new AbortController();

    const leaving = registry.readManifest({ registry: server.host, repository, digest }, stop.signal);
    setTimeout(() => stop.abort(new Error("enough")), 100);

    await expect(leaving).rejects.toThrow("enough");
  });
});

describe("Secret", () => {
  it("gives its value to reveal and to nothing else", () => {
    const secret = new Secret("value");
    const outputs = [
      String(secret),
      secret.toString(),
      JSON.stringify({ secret }),
      inspect({ secret }, { showHidden: true }),
    ];

    expect(secret.reveal()).toBe("value");
    expect(outputs.filter((output) => output.includes("value") || !output.includes("[secret]"))).toEqual([]);
    expect(Object.entries(secret)).toEqual([]);
  });
});

function manualClock() {
  let now = new Date(0);
  return {
    now: () => now,
    sleep: async () => undefined,
    pass: (milliseconds: number) => {
      now = new Date(now.getTime() + milliseconds);
    },
  };
}
