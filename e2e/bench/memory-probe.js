// Loaded before a process of the build by --import, beside --expose-gc: who holds its channel asks for its memory, and is
// told what is left of it after a full collection.
process.on('message', (question) => {
  if (question !== 'memory') return;
  globalThis.gc();
  process.send({ memory: process.memoryUsage() });
});
// A listener alone would keep the process alive for ever.
process.channel?.unref();
