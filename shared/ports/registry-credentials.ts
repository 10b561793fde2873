import type { RegistryHost } from "../domain/image-reference.ts";
import type { Secret } from "../domain/secret.ts";

/**
 * How to sign in to a registry; anonymous when nothing is known about it. Asked again whenever a token is needed, so an
 * answer may be short-lived and a rotated secret is picked up without a restart.
 *
 * Azure Container Registry by managed identity will be one more adapter: the refresh token from its /oauth2/exchange is
 * a `basic` credential with the user name 00000000-0000-0000-0000-000000000000.
 */
export type RegistryCredentials = (registry: RegistryHost) => Promise<RegistryCredential>;

export type RegistryCredential =
  | { readonly kind: "anonymous" }
  | { readonly kind: "basic"; readonly username: string; readonly password: Secret }
  /** An access token that the registry takes as it is. */
  | { readonly kind: "bearer"; readonly token: Secret };
