// npm run providers: every supplier on one card: what it can do, whether it keeps its promises, what it understands.
import { parseArgs } from 'node:util'
import { SUPPLIER_MOCKS } from '../fixtures/mocks.ts'
import { runConformance, type Conformance } from './providers/conformance.ts'
import { listRecordings, whyNotUnderstood } from './providers/recordings.ts'
import { measureMock, type Measured, type Timing } from './providers/timing.ts'
import { didYouMean } from './suggest.ts'

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))
process.on('disconnect', () => process.exit(130))
process.channel?.unref()

process.exitCode = await main(process.argv.slice(2))

type Card = {
  readonly id: string
  readonly name: string
  readonly conformance: Conformance | null
  readonly recordings: { readonly known: number; readonly understood: number; readonly missed: readonly { file: string; why: string }[] }
  readonly measured: readonly Measured[]
}

async function main(args: readonly string[]): Promise<number> {
  let parsed
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    })
  } catch (error) {
    return refuse(`${error instanceof Error ? error.message : String(error)}\n${help()}`)
  }
  if (parsed.values.help) {
    process.stdout.write(help())
    return 0
  }
  const all = SUPPLIER_MOCKS.map(({ id }) => id)
  const unknown = parsed.positionals.find((id) => !all.includes(id))
  if (unknown !== undefined) return refuse(`There is no supplier "${unknown}".${didYouMean(unknown, all)} Known are ${all.join(', ')}.\n`)
  const ids = parsed.positionals.length > 0 ? parsed.positionals : all
  tell(`Holding ${ids.length} ${ids.length === 1 ? 'supplier' : 'suppliers'} to their promises (a minute or two) …`)
  const conformance = await runConformance(ids)
  const cards: Card[] = []
  for (const id of ids) {
    tell(`Asking ${id} …`)
    cards.push({
      id,
      name: SUPPLIER_MOCKS.find((mock) => mock.id === id)!.name,
      conformance: conformance.get(id) ?? null,
      recordings: readRecordings(id),
      measured: await measureMock(id),
    })
  }
  if (parsed.values.json) process.stdout.write(`${JSON.stringify({ suppliers: cards }, null, 2)}\n`)
  else print(cards)
  return cards.some((card) => (card.conformance?.failed ?? 1) > 0 || card.recordings.missed.length > 0) ? 1 : 0
}

function readRecordings(id: string): Card['recordings'] {
  const recordings = listRecordings(id)
  const missed = recordings.flatMap((recording) => {
    const why = whyNotUnderstood(recording)
    return why === null ? [] : [{ file: recording.name, why }]
  })
  return { known: recordings.length, understood: recordings.length - missed.length, missed }
}

function print(cards: readonly Card[]): void {
  const line = (...cells: string[]): void => {
    process.stdout.write(
      `${cells
        .map((cell, i) => cell.padEnd([12, 13, 12, 16, 16, 0][i]!))
        .join('')
        .trimEnd()}\n`,
    )
  }
  process.stdout.write('\n')
  line('supplier', 'conformance', 'recordings', 'shop p50/p95', 'price p50/p95', 'operations')
  for (const card of cards) {
    const { conformance, recordings } = card
    for (const [i, measured] of card.measured.entries()) {
      line(
        measured.provider,
        i > 0 ? '' : conformance === null ? 'no suite' : `${conformance.passed}/${conformance.passed + conformance.failed}`,
        i > 0 ? '' : recordings.known === 0 ? 'none' : `${recordings.understood}/${recordings.known}`,
        timingWords(measured.shop),
        timingWords(measured.price),
        [
          ...(measured.flights.length > 0 ? [`flights: ${measured.flights.join(' ')}`] : []),
          ...(measured.stays.length > 0 ? [`stays: ${measured.stays.join(' ')}`] : []),
        ].join('; '),
      )
    }
  }
  process.stdout.write(
    '\nMilliseconds against our mocks on this machine, without their artificial slowness; no promise about the real ones.\n',
  )
  for (const card of cards) {
    for (const name of card.conformance?.broken ?? []) process.stdout.write(`broken    ${card.id}: ${name}\n`)
    for (const { file, why } of card.recordings.missed) process.stdout.write(`not read  ${file}: ${why}\n`)
  }
}

function timingWords(timing: Timing | null): string {
  return timing === null ? '-' : `${timing.p50} / ${timing.p95}`
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`)
}

function refuse(text: string): number {
  process.stderr.write(text)
  return 2
}

function help(): string {
  return `Prints a card of every supplier: operations supported, promises kept against its mock, recorded messages
understood (where ../shared/recordings is there), and how long shop and price take against the mock.

Usage
  npm run providers [-- <supplier>… --json]

Exit code
  0 every promise is kept and every recording understood; 1 not; 2 wrong use
`
}
