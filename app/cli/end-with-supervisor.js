// Loaded before web and worker by --import. Their supervisor may be killed without a chance to end them: the channel to
// it closes then, and they end as on SIGTERM.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// A listener alone would keep the process alive for ever.
process.channel?.unref();
