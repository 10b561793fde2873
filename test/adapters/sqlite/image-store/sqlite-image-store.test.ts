import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { sqliteImageStore } from "../../../../shared/adapters/sqlite/image-store/sqlite-image-store.ts";
import { imageStoreContract } from "../../../contract/image-store.contract.ts";

imageStoreContract(async () => {
  const directory = await mkdtemp(join(tmpdir(), "tidewatch-image-store-"));
  const store = sqliteImageStore(join(directory, "state.db"));
  const close = async () => {
    await store.close();
    await rm(directory, { recursive: true });
  };
  return { store, close };
});
