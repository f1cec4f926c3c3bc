// node commands/browser-tests.mjs [vitest arguments]: the journeys through a real chromium (test/browser).
process.argv.splice(2, 0, '--project=browser')
await import('./test.mjs')
