import { createCipheriv } from "node:crypto";
import { blob } from "./descriptor.ts";
import { layer, type Layer } from "./layer.ts";

/**
 * A layer as ocicrypt leaves it: whoever does not hold the key (here: nobody) learns its size and nothing else.
 * https://github.com/containers/ocicrypt/blob/main/spec.md
 */
export async function encryptedLayer(...content: Parameters<typeof layer>): Promise<Layer> {
  const plain = await layer(...content);
  const cipher = createCipheriv("aes-256-ctr", Buffer.alloc(32, 1), Buffer.alloc(16, 2));
  const encrypted = blob(`${plain.descriptor.mediaType}+encrypted`, cipher.update(plain.content), {
    "org.opencontainers.image.enc.keys.jwe": base64({
      protected: "",
      encrypted_key: "",
      iv: "",
      ciphertext: "",
      tag: "",
    }),
    "org.opencontainers.image.enc.pubopts": base64({ cipher: "AES_256_CTR_HMAC_SHA256", hmac: "", cipheroptions: {} }),
  });
  return { ...plain, ...encrypted };
}

function base64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64");
}
