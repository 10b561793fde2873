// Ends on SIGTERM, as any program does that does not say otherwise.
setInterval(() => undefined, 1000);
