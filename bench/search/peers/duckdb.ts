import { DuckDBInstance } from '@duckdb/node-api'
import type { Selection } from '../../../src/search/engine/column-schema.ts'
import { NUMBERS, TEXTS } from '../../../test/support/reference-columns.ts'
import type { Facts } from '../facts.ts'
import type { Prepared } from '../objects.ts'
import type { Peer } from './peer.ts'

const FACETS = [
  ...['stops', 'airlines', 'alliances', 'connections', 'cabins', 'bags', 'refundable', 'changeable', 'suppliers', 'overnight'],
  ...['self_transfer', 'origin_airports', 'destination_airports'],
] as const
const RANGES = ['longest_slice', 'departure_1', 'arrival_1', 'connection_min', 'connection_max', 'emissions'] as const
const UNKNOWN = -1
const NOTHING = 1_000_000_000

/** DuckDB: columns and a vectorised engine in this process; one statement a question, on one thread as ours. */
export async function openDuckdb({ offers }: Prepared): Promise<Peer> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  const columns = [...FACETS.map((name) => `${name} varchar`), ...RANGES.map((name) => `${name} integer`)]
  await connection.run(`create table offers (position integer, price bigint, n_stops integer, ${columns.join(', ')}, body varchar)`)
  const rows = offers.map(
    (facts, position) => `(${[position, facts.shown.amount, Number(facts.numbers['stops']), ...cells(facts)].join(', ')})`,
  )
  for (let i = 0; i < rows.length; i += 500) await connection.run(`insert into offers values ${rows.slice(i, i + 500).join(', ')}`)

  return {
    name: 'DuckDB',
    allowance: 'rows of values, no JSON object',
    asks: () => true,
    async answer(selection, limit) {
      const reader = await connection.runAndReadAll(toSql(selection, limit))
      const [first] = reader.getRows()
      return Number(first?.[2] ?? 0)
    },
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

function cells({ offer, texts, numbers }: Facts): (string | number)[] {
  const sets = FACETS.map((name) => quote(texts[name].toSorted().join('+')))
  const values = RANGES.map((name) => {
    const value = numbers[name] ?? UNKNOWN
    return value === 'nothing' ? NOTHING : value
  })
  return [...sets, ...values, quote(JSON.stringify(offer.slices))]
}

const quote = (text: string) => `'${text.replaceAll("'", "''")}'`

/** Everything in one statement: the number of matches first, every facet with its counts and lowest prices, the page. */
function toSql(selection: Selection, limit: number): string {
  const conditions = conditionsOf(selection)
  const where = (exceptGroup: string | null) => {
    const kept = conditions.filter(({ group }) => group !== exceptGroup).map(({ sql }) => sql)
    return kept.length === 0 ? 'true' : kept.join(' and ')
  }
  const facets = FACETS.map(
    (name) => `(select '${name}', ${name}, count(*), min(price), null from offers where ${where(TEXTS[name].group)} group by ${name})`,
  )
  const ranges = RANGES.map(
    (name) =>
      `(select '${name}', null, count(*), min(${name}), max(${name})::varchar from offers where ${where(NUMBERS[name]!.group)} and ${name} between 0 and ${NOTHING - 1})`,
  )
  const order =
    selection.sort === 'duration' ? 'longest_slice, position' : selection.sort === 'departure' ? 'departure_1, position' : 'position'
  return [
    `(select 'matching', null, count(*), null, null from offers where ${where(null)})`,
    ...facets,
    ...ranges,
    `(select 'price', null, count(*), min(price), max(price)::varchar from offers where ${where('price')})`,
    `(select 'page', null, position, price, body from offers where ${where(null)} order by ${order} limit ${limit})`,
  ].join(' union all ')
}

function conditionsOf({ only, ranges, price }: Selection): { group: string; sql: string }[] {
  const texts = Object.entries(only).map(([name, chosen]) => ({
    group: TEXTS[name as keyof typeof TEXTS].group,
    // A set passes when nothing is left of it once what was chosen is taken away.
    sql:
      name === 'airlines'
        ? `len(list_filter(string_split(airlines, '+'), x -> x not in (${chosen.map(quote).join(', ')}))) = 0`
        : `${name} in (${chosen.map(quote).join(', ')})`,
  }))
  const numbers = Object.entries(ranges).map(([name, { from, to }]) => ({
    group: NUMBERS[name]!.group,
    sql:
      name === 'stops'
        ? `n_stops between ${from} and ${to}`
        : `(${name} = ${NOTHING} or ${name} between ${Math.max(0, from)} and ${Math.min(to, NOTHING - 1)})`,
  }))
  const prices =
    price.min === null && price.max === null ? [] : [{ group: 'price', sql: `price between ${price.min ?? 0} and ${price.max ?? 1e12}` }]
  return [...texts, ...numbers, ...prices]
}
