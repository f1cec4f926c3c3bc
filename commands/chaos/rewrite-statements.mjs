// Loaded before src/main.ts in processes of the fault runner whose guards are taken away: what CHAOS_REWRITES names is replaced in each
// statement that pg sends, so that the application itself needs no switch for it.
import { createRequire } from 'node:module'

const { Client } = createRequire(import.meta.url)('pg')
const rewrites = JSON.parse(process.env.CHAOS_REWRITES).map(({ text, by }) => [new RegExp(text, 'g'), by])
const { query } = Client.prototype

const rewrite = (text) =>
  rewrites.reduce((done, [pattern, by]) => done.replace(pattern, by.replaceAll('{{clock}}', String(Date.now() / 1000))), text)

Client.prototype.query = function (asked, ...rest) {
  if (typeof asked === 'string') return query.call(this, rewrite(asked), ...rest)
  if (typeof asked?.text === 'string' && typeof asked.submit !== 'function')
    return query.call(this, { ...asked, text: rewrite(asked.text) }, ...rest)
  return query.call(this, asked, ...rest)
}
