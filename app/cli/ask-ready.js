// The container's health check: ends with 0 when the web process of this machine says that it is ready, else with 1.
const answer = await fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}/readyz`).catch(() => null);
if (!answer?.ok) process.stderr.write(`${answer === null ? 'no answer' : await answer.text()}\n`);
process.exit(answer?.ok ? 0 : 1);
