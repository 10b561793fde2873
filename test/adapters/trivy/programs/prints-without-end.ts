process.stdout.on("error", () => undefined);
setInterval(() => process.stdout.write("x".repeat(64 * 1024)), 1);
