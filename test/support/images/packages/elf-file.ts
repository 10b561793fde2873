/** The smallest ELF64 file for x86-64: a header, one writable segment, and no sections, so readers look in the segment. */
export function elfFile(data: Buffer): Buffer {
  const header = Buffer.alloc(DATA_OFFSET);
  header.write("\x7fELF", "latin1");
  Buffer.from([ELF.class64, ELF.littleEndian, ELF.version]).copy(header, 4);
  header.writeUInt16LE(ELF.executable, 16);
  header.writeUInt16LE(ELF.x86_64, 18);
  header.writeUInt32LE(ELF.version, 20);
  header.writeBigUInt64LE(LOAD_ADDRESS, 24);
  header.writeBigUInt64LE(64n, 32);
  header.writeUInt16LE(64, 52);
  header.writeUInt16LE(56, 54);
  header.writeUInt16LE(1, 56);
  header.writeUInt32LE(ELF.load, 64);
  header.writeUInt32LE(ELF.readable | ELF.writable, 68);
  header.writeBigUInt64LE(BigInt(DATA_OFFSET), 72);
  header.writeBigUInt64LE(LOAD_ADDRESS, 80);
  header.writeBigUInt64LE(LOAD_ADDRESS, 88);
  header.writeBigUInt64LE(BigInt(data.length), 96);
  header.writeBigUInt64LE(BigInt(data.length), 104);
  header.writeBigUInt64LE(16n, 112);
  return Buffer.concat([header, data]);
}

// https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html
const ELF = {
  class64: 2,
  littleEndian: 1,
  version: 1,
  executable: 2,
  x86_64: 62,
  load: 1,
  writable: 2,
  readable: 4,
} as const;

/** After the file header (64 bytes) and one program header (56), on a boundary of 16, where Go's build information must lie. */
const DATA_OFFSET = 128;
const LOAD_ADDRESS = 0x40_0000n;
