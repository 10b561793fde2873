import * as z from "zod";

// Only what we read of Trivy's JSON, schema version 2 (pkg/types/report.go). Fields that it adds later are ignored; texts
// out of a closed list stay texts here, so that one new severity does not cost the whole report.

const Layer = z.object({ Digest: z.string().optional(), DiffID: z.string().optional() });

const Cvss = z.object({
  V2Score: z.number().optional(),
  V2Vector: z.string().optional(),
  V3Score: z.number().optional(),
  V3Vector: z.string().optional(),
  V40Score: z.number().optional(),
  V40Vector: z.string().optional(),
});

const Vulnerability = z.object({
  VulnerabilityID: z.string(),
  VendorIDs: z.array(z.string()).optional(),
  PkgName: z.string(),
  PkgPath: z.string().optional(),
  PkgIdentifier: z.object({ PURL: z.string().optional() }).optional(),
  InstalledVersion: z.string().optional(),
  FixedVersion: z.string().optional(),
  Status: z.string().optional(),
  Layer: Layer.optional(),
  SeveritySource: z.string().optional(),
  PrimaryURL: z.string().optional(),
  Title: z.string().optional(),
  Description: z.string().optional(),
  Severity: z.string().optional(),
  CVSS: z.record(z.string(), Cvss).optional(),
  References: z.array(z.string()).optional(),
  PublishedDate: z.string().optional(),
  LastModifiedDate: z.string().optional(),
});

const Result = z.object({
  Target: z.string(),
  Class: z.string().optional(),
  Type: z.string().optional(),
  // Counted, not read.
  Packages: z.array(z.unknown()).optional(),
  Vulnerabilities: z.array(Vulnerability).optional(),
});

const ImageConfig = z.object({
  os: z.string().optional(),
  rootfs: z.object({ diff_ids: z.array(z.string()).nullish() }).optional(),
  history: z.array(z.object({ created_by: z.string().optional(), empty_layer: z.boolean().optional() })).nullish(),
});

export const TrivyReport = z.object({
  SchemaVersion: z.literal(2),
  ArtifactType: z.literal("container_image"),
  Metadata: z.object({
    OS: z.object({ Family: z.string(), Name: z.string(), EOSL: z.boolean().optional() }).optional(),
    ImageConfig: ImageConfig.optional(),
  }),
  Results: z.array(Result).nullish(),
});

export type TrivyReport = z.infer<typeof TrivyReport>;
export type TrivyResult = z.infer<typeof Result>;
export type TrivyVulnerability = z.infer<typeof Vulnerability>;
export type TrivyCvss = z.infer<typeof Cvss>;
export type TrivyImageConfig = z.infer<typeof ImageConfig>;
