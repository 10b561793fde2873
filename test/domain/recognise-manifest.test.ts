import { describe, expect, it } from "vitest";
import { recogniseArtifact } from "../../shared/domain/recognise-manifest.ts";

const ociConfig = "application/vnd.oci.image.config.v1+json";
const dockerConfig = "application/vnd.docker.container.image.v1+json";
const emptyConfig = "application/vnd.oci.empty.v1+json";
const layer = "application/vnd.oci.image.layer.v1.tar+gzip";

describe("recogniseArtifact", () => {
  it.each([
    ["OCI layers", ociConfig, [layer, "application/vnd.oci.image.layer.v1.tar+zstd"]],
    ["Docker layers", dockerConfig, ["application/vnd.docker.image.rootfs.diff.tar.gzip"]],
    ["Windows base layers", dockerConfig, ["application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"]],
    ["encrypted layers", ociConfig, [`${layer}+encrypted`]],
    ["no layer", ociConfig, []],
  ])("takes an image's config with %s for an image", (_, configMediaType, layerMediaTypes) => {
    expect(recogniseArtifact({ configMediaType, layerMediaTypes })).toBeUndefined();
  });

  it.each([
    ["attestation", undefined, ociConfig, ["application/vnd.in-toto+json"]],
    ["attestation", undefined, emptyConfig, ["application/vnd.dsse.envelope.v1+json"]],
    ["signature", undefined, ociConfig, ["application/vnd.dev.cosign.simplesigning.v1+json"]],
    ["signature", "application/vnd.cncf.notary.signature", emptyConfig, ["application/jose+json"]],
    ["signature", "application/vnd.dev.sigstore.bundle.v0.3+json", emptyConfig, []],
    ["sbom", "application/vnd.cyclonedx+json", emptyConfig, []],
    ["sbom", undefined, ociConfig, ["text/spdx+json"]],
    ["sbom", "application/vnd.syft+json", emptyConfig, []],
    [
      "chart",
      undefined,
      "application/vnd.cncf.helm.config.v1+json",
      ["application/vnd.cncf.helm.chart.content.v1.tar+gzip"],
    ],
  ])("knows a %s by %s, %s, %j", (artifact, artifactType, configMediaType, layerMediaTypes) => {
    expect(recogniseArtifact({ artifactType, configMediaType, layerMediaTypes })).toMatchObject({ artifact });
  });

  it.each([
    ["a module of WebAssembly", undefined, ociConfig, ["application/wasm"], "application/wasm"],
    ["a file", "application/vnd.acme.rocket", emptyConfig, ["text/plain"], "application/vnd.acme.rocket"],
    [
      "layers without an image's config",
      undefined,
      "application/vnd.unknown.config.v1+json",
      [layer],
      "application/vnd.unknown.config.v1+json",
    ],
    ["nothing that tells", undefined, undefined, [], "unknown"],
  ])("takes %s for something else, and says by what", (_, artifactType, configMediaType, layerMediaTypes, told) => {
    expect(recogniseArtifact({ artifactType, configMediaType, layerMediaTypes })).toEqual({
      artifact: "other",
      artifactType: told,
    });
  });

  it.each([
    ["a layer that is an attestation", undefined, [layer, "application/vnd.in-toto+json"]],
    ["an artifact type", "application/vnd.cyclonedx+json", [layer]],
    ["a layer of a type of its own", undefined, ["application/x-anything", layer]],
  ])("lets no image hide behind %s", (_, artifactType, layerMediaTypes) => {
    expect(recogniseArtifact({ artifactType, configMediaType: ociConfig, layerMediaTypes })).toBeUndefined();
  });

  it("keeps what is told short", () => {
    const artifactType = `application/${"x".repeat(1000)}`;

    expect(recogniseArtifact({ artifactType, layerMediaTypes: [] })?.artifactType).toHaveLength(255);
  });
});
