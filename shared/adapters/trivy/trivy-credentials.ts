import type { RegistryHost } from "../../domain/image-reference.ts";
import type { RegistryCredential, RegistryCredentials } from "../../ports/registry-credentials.ts";
import type { ProgramRun } from "./running/run-program.ts";

/**
 * The variables that let Trivy into a registry. Trivy sends them to every registry that it asks, so they must never be
 * there when it downloads a database from elsewhere.
 *
 * @throws {@link UnusableCredentialError}
 */
export async function trivyCredentials(
  credentials: RegistryCredentials,
  registry: RegistryHost,
): Promise<Pick<ProgramRun, "environment" | "secrets">> {
  return toVariables(await credentials(registry), registry);
}

function toVariables(credential: RegistryCredential, registry: RegistryHost) {
  switch (credential.kind) {
    case "anonymous":
      return {};
    case "bearer":
      return { secrets: { TRIVY_REGISTRY_TOKEN: credential.token } };
    case "basic":
      // Trivy splits both at commas, and the library that reads them at white space (pkg/flag/options.go).
      if (/[\s,]/.test(credential.username + credential.password.reveal())) throw new UnusableCredentialError(registry);
      return { environment: { TRIVY_USERNAME: credential.username }, secrets: { TRIVY_PASSWORD: credential.password } };
  }
}

export class UnusableCredentialError extends Error {
  override name = "UnusableCredentialError";

  constructor(registry: RegistryHost) {
    super(
      `Trivy cannot be given the user name or password for ${registry}: it has a comma or white space. ` +
        "Give the account another password, or use an access token.",
    );
  }
}
