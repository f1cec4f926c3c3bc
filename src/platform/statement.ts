import { sql, type Compilable, type CompiledQuery, type Expression, type QueryResult } from 'kysely'
import type { Db, Tx } from './postgres.ts'

/** What stands in a statement for the values that it is sent with: for those of one row, or of several. */
export type Given<Values> = Values extends readonly (infer Row)[]
  ? readonly Given<Row>[]
  : { readonly [Name in keyof Values]: Expression<Exclude<Values[Name], undefined>> }

/**
 * A statement that is built once and sent many times: building and compiling it is most of what Kysely does for a statement.
 * `build` is given a stand-in for each value and must make the same of them each time. A value that is not to be written is
 * left out, never undefined; for other names, or another count of rows, the statement is built once more.
 */
export function statement<Values extends object, Result>(
  build: (db: Db | Tx, given: Given<Values>) => Compilable<Result>,
): (db: Db | Tx, values: Values) => Promise<QueryResult<Result>> {
  const kept: Built<Result>[] = []

  function make(db: Db | Tx, values: Values, rows: readonly Row[]): Built<Result> {
    const given = rows.map(toStandIns)
    const query = build(db, (Array.isArray(values) ? given : given[0]) as unknown as Given<Values>).compile()
    return { query, nameCounts: rows.map((row) => Object.keys(row).length), places: query.parameters.map(toPlace) }
  }

  return (db, values) => {
    const rows = (Array.isArray(values) ? values : [values]) as readonly Row[]
    const executor = db.getExecutor()
    // A plugin may make something else of it each time.
    const isKept = executor.plugins.length === 0
    for (const built of isKept ? kept : []) {
      const parameters = bind(built, rows)
      // Not by the executor's own executeQuery, most of which is for plugins.
      if (parameters) return executor.provideConnection((connection) => connection.executeQuery({ ...built.query, parameters }))
    }
    const built = make(db, values, rows)
    const parameters = bind(built, rows)
    if (!parameters) throw new TypeError(`a value is undefined in: ${built.query.sql}`)
    if (isKept) kept.push(built)
    return db.executeQuery({ ...built.query, parameters })
  }
}

type Row = Readonly<Record<string, unknown>>

/** How many values each row has, and where each parameter is found. */
type Names = { readonly nameCounts: readonly number[]; readonly places: readonly Place[] }
type Built<Result> = Names & { readonly query: CompiledQuery<Result> }
type Place = { readonly row: number; readonly name: string } | { readonly constant: unknown }

const STANDS_FOR = Symbol('stands for')

function toStandIns(values: Row, row: number): Record<string, Expression<unknown>> {
  return Object.fromEntries(Object.keys(values).map((name) => [name, sql`${{ [STANDS_FOR]: { row, name } }}`]))
}

function toPlace(parameter: unknown): Place {
  const isStandIn = typeof parameter === 'object' && parameter !== null && STANDS_FOR in parameter
  return isStandIn ? (parameter[STANDS_FOR] as Place) : { constant: parameter }
}

/** The parameters; undefined where the rows have other names, or are more or fewer. */
function bind({ nameCounts, places }: Names, rows: readonly Row[]): unknown[] | undefined {
  if (rows.length !== nameCounts.length) return undefined
  for (const [index, row] of rows.entries()) if (Object.keys(row).length !== nameCounts[index]) return undefined
  const parameters: unknown[] = []
  for (const place of places) {
    const value = 'name' in place ? rows[place.row]![place.name] : place.constant
    if (value === undefined) return undefined
    parameters.push(value)
  }
  return parameters
}
