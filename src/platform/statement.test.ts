import { Kysely, PostgresDialect, type Insertable, type InsertResult, type KyselyPlugin } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import type { Db } from './postgres.ts'
import { statement, type Given } from './statement.ts'
import type { DB } from './tables.gen.ts'

type Sent = { readonly text: string; readonly values: readonly unknown[] }

let sent: Sent[]
let built: number
let db: Db

beforeEach(() => {
  sent = []
  built = 0
  const query = async (text: string, values: readonly unknown[]) => {
    sent.push({ text, values })
    return { command: 'UPDATE' as const, rowCount: 1, rows: [] }
  }
  const client = { query, release: () => undefined }
  db = new Kysely<DB>({ dialect: new PostgresDialect({ pool: { connect: async () => client as never, end: async () => undefined } }) })
})

type Change = { id: string; state?: string; owner?: string | null }

const newUpdate = () =>
  statement((tx, { id, ...row }: Given<Change>) => {
    built += 1
    return tx.updateTable('platform.work_items').set(row).where('id', '=', id).where('state', 'in', ['open', 'done'])
  })

test('is built once and sent with the values of each time', async () => {
  const update = newUpdate()
  await update(db, { id: 'one', owner: 'ann' })
  await update(db, { id: 'two', owner: null })
  const text = 'update "platform"."work_items" set "owner" = $1 where "id" = $2 and "state" in ($3, $4)'
  expect(sent).toEqual([
    { text, values: ['ann', 'one', 'open', 'done'] },
    { text, values: [null, 'two', 'open', 'done'] },
  ])
  expect(built).toBe(1)
})

test('writes the names that it is given and no other, in whatever order they come', async () => {
  const update = newUpdate()
  await update(db, { id: 'one', owner: 'ann' })
  await update(db, { id: 'one', state: 'done' })
  await update(db, { owner: 'bob', id: 'two' })
  await update(db, { state: 'done', id: 'two', owner: 'bob' })
  expect(sent.map(({ text }) => text.slice(text.indexOf('set'), text.indexOf(' where')))).toEqual([
    'set "owner" = $1',
    'set "state" = $1',
    'set "owner" = $1',
    'set "state" = $1, "owner" = $2',
  ])
  expect(sent.map(({ values }) => values.slice(0, -2))).toEqual([
    ['ann', 'one'],
    ['done', 'one'],
    ['bob', 'two'],
    ['done', 'bob', 'two'],
  ])
  expect(built).toBe(3)
})

test('takes several rows, each with its own values', async () => {
  const insert = statement<Insertable<DB['platform.pending_reactions']>[], InsertResult>((tx, rows) => {
    built += 1
    return tx.insertInto('platform.pending_reactions').values(rows)
  })
  const row = (event_id: string, reaction: string) => ({ event_id, reaction, queued_at: 'now' })
  await insert(db, [row('evt_1', 'pay'), row('evt_2', 'mail')])
  await insert(db, [row('evt_3', 'pay'), row('evt_4', 'mail')])
  await insert(db, [row('evt_5', 'pay')])
  expect(sent.map(({ values }) => values)).toEqual([
    ['evt_1', 'pay', 'now', 'evt_2', 'mail', 'now'],
    ['evt_3', 'pay', 'now', 'evt_4', 'mail', 'now'],
    ['evt_5', 'pay', 'now'],
  ])
  expect(sent[0]!.text).toBe(sent[1]!.text)
  expect(built).toBe(2)
})

test('refuses a value that is undefined rather than writing null', () => {
  const update = newUpdate()
  expect(() => update(db, { id: 'one', owner: undefined } as unknown as Change)).toThrow(TypeError)
  expect(sent).toEqual([])
})

test('is built anew for a database with plugins, which may change it each time', async () => {
  let asked = 0
  const counting: KyselyPlugin = {
    transformQuery: ({ node }) => {
      asked += 1
      return node
    },
    transformResult: async ({ result }) => result,
  }
  const update = newUpdate()
  await update(db, { id: 'one', owner: 'ann' })
  await update(db.withPlugin(counting), { id: 'two', owner: 'ann' })
  await update(db.withPlugin(counting), { id: 'two', owner: 'ann' })
  await update(db, { id: 'three', owner: 'ann' })
  expect(asked).toBe(2)
  expect(built).toBe(3)
  expect(sent).toHaveLength(4)
})
