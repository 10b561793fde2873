const held: Buffer[] = [];
setInterval(() => held.push(Buffer.alloc(8 * 1024 * 1024, 1)), 20);
