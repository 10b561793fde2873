import { it } from "vitest";

import { configuredRegistryCredentials } from "../../../shared/adapters/oci/configured-registry-credentials.ts";
import { ociImageRegistry } from "../../../shared/adapters/oci/oci-image-registry.ts";
import type { RegistryHost } from "../../../shared/domain/image-reference.ts";
import { Secret } from "../../../shared/domain/secret.ts";
import { systemClock } from "../../../shared/ports/clock.ts";
import { imageRegistryContract, type ImageRegistryUnderTest } from "../../contract/image-registry.contract.ts";
import { distributionAccount, startDistribution } from "../../support/registry/distribution.ts";
import { findDistribution, requireDistribution } from "../../support/registry/find-distribution.ts";
import { startInProcessRegistry } from "../../support/registry/in-process-registry.ts";
import { registryPusher } from "../../support/registry/registry-pusher.ts";

type Account = typeof distributionAccount;

imageRegistryContract("ociImageRegistry on the in-process registry", async () => {
  // Pages of two, so that every listing has to turn them.
  const server = await startInProcessRegistry({ pageSize: 2 });
  return underTest(server);
});

imageRegistryContract("ociImageRegistry on a registry with Basic sign-in and no referrers API", async () => {
  const server = await startInProcessRegistry({ referrersApi: false, auth: { kind: "basic", ...distributionAccount } });
  return underTest(server, distributionAccount);
});

const path = findDistribution();
if (path === undefined) it("keeps the contract on CNCF distribution", ({ skip }) => void requireDistribution(skip));
else {
  imageRegistryContract("ociImageRegistry on CNCF distribution", async () =>
    underTest(await startDistribution({ path })),
  );
  imageRegistryContract("ociImageRegistry on CNCF distribution with htpasswd", async () =>
    underTest(await startDistribution({ path, auth: "htpasswd" }), distributionAccount),
  );
}

function underTest(
  server: AsyncDisposable & { readonly host: RegistryHost; readonly url: string },
  account?: Account,
): ImageRegistryUnderTest {
  const credentials = configuredRegistryCredentials(
    account
      ? { [server.host]: { kind: "basic", username: account.username, password: new Secret(account.password) } }
      : {},
  );
  return {
    registry: ociImageRegistry({
      credentials,
      clock: systemClock,
      userAgent: "tidewatch/test",
      insecureRegistries: [server.host],
    }),
    host: server.host,
    pusher: registryPusher(server.url, account),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
