import { execFile } from 'node:child_process'
import { chown, cp, mkdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Row, RowScene } from '../row.ts'
import type { ChaosStack } from '../stack.ts'
import { letThrough } from '../let-through.ts'
import { until } from '../until.ts'
import { watch } from '../watch.ts'
import { badAnswers } from './traffic.ts'

const run = promisify(execFile)

const DATA_MEGABYTES = 24
/** Beside what the write-ahead log has already; all of it is then taken by somebody else. */
const WAL_ROOM_MEGABYTES = 48
const ANSWER_MS = 15_000

/** F30: the disk of Postgres is full, first under a table and then under the write-ahead log. */
export const diskRows: readonly Row[] = [
  {
    id: 'F30',
    fault: 'the disk under a table is full; then the one under the write-ahead log, which takes Postgres down',
    notRunBecause: async (stack) => whyNotMounted(stack),
    run: async (scene) => {
      const data = await fillTable(scene)
      const wal = await fillLog(scene)
      return {
        faultEndedAt: scene.stack.clock.now(),
        broken: [...data.broken, ...wal.broken, ...badAnswers(scene)],
        figures: { ...data.figures, ...wal.figures },
      }
    },
  },
]

type Part = { readonly broken: string[]; readonly figures: Record<string, number> }

/** Every event has to go where there is no room. */
async function fillTable({ stack, travellers, say }: RowScene): Promise<Part> {
  const offers = await travellers.verified(3)
  const disk = await mountDisk(stack, 'small-data', DATA_MEGABYTES)
  try {
    await stack.sql(`create tablespace chaos_small location '${disk.directory}'`)
    await stack.sql('alter table platform.events set tablespace chaos_small')
    await stack.sql('alter table platform.idempotency_keys set tablespace chaos_small')
    await stack.sql(
      `create table chaos.ballast (bytes text) tablespace chaos_small; alter table chaos.ballast alter column bytes set storage plain`,
    )
    await run('dd', ['if=/dev/zero', `of=${path.join(disk.directory, 'ballast')}`, 'bs=64k'], {}).catch(() => undefined)
    // What is still free inside the tables' own pages goes to somebody else.
    const isFull = await fillPages(stack)
    const buying = Promise.all(offers.map((offer) => travellers.buy(offer)))
    const watching = watch(stack, { paths: ['/health/ready'], everyMs: 200 })
    const refused = (): boolean => (travellers.seen().statuses[503] ?? 0) > 0
    const wasRefused = await until(refused, 15_000)
    await sleep(1_500)
    const watched = await watching.stop()
    say(`the disk was full: ${isFull}; readiness ${JSON.stringify(watched.statuses)}`)
    await rm(path.join(disk.directory, 'ballast'))
    await letThrough(stack, buying)
    return {
      broken: [
        ...(isFull ? [] : ['the disk was not full']),
        ...(wasRefused ? [] : ['nobody was refused while nothing could be kept']),
        ...((watched.statuses['503'] ?? 0) > 0 ? [] : ['every API said that it was ready with a full disk']),
      ],
      figures: { refused_with_full_disk: travellers.seen().statuses[503] ?? 0 },
    }
  } finally {
    await rm(path.join(disk.directory, 'ballast'), { force: true })
    await stack.sql('alter table platform.events set tablespace pg_default')
    await stack.sql('alter table platform.idempotency_keys set tablespace pg_default')
    await stack.sql('drop table if exists chaos.ballast')
    await stack.sql('drop tablespace if exists chaos_small')
    await disk.unmount()
  }
}

/** Fills the free space of the pages of the idempotency keys, whose rows come with every request. */
async function fillPages(stack: ChaosStack): Promise<boolean> {
  for (let round = 0; round < 200; round += 1) {
    const isFull = await stack
      .sql(
        `insert into platform.idempotency_keys (scope, key, request_hash, locked_until)
         select 'chaos', gen_random_uuid()::text, md5(random()::text), now() from generate_series(1, 20)`,
      )
      .then(
        () => false,
        (error: { code?: string }) => error.code === '53100',
      )
    if (isFull) return true
  }
  return false
}

/** The write-ahead log on a disk without room for its next segment: Postgres goes down and cannot come up. */
async function fillLog({ stack, travellers, say }: RowScene): Promise<Part> {
  const offers = await travellers.verified(4)
  const [{ directory }] = (await stack.sql<{ directory: string }>(`select current_setting('data_directory') as directory`)) as [
    { directory: string },
  ]
  const log = path.join(directory, 'pg_wal')
  await stack.sql('checkpoint')
  await stack.postgres.stop('fast')
  const megabytes = Number((await run('du', ['-sm', log])).stdout.split('\t')[0])
  const disk = await mountDisk(stack, 'small-log', megabytes + WAL_ROOM_MEGABYTES, directory)
  const moved = path.join(disk.directory, 'pg_wal')
  try {
    await cp(log, moved, { recursive: true })
    await run('chown', ['-R', '--reference', directory, moved])
    await rename(log, `${log}.before`)
    await symlink(moved, log)
    await stack.postgres.start()
    await writeFile(path.join(disk.directory, 'ballast'), '')
    await run('dd', ['if=/dev/zero', `of=${path.join(disk.directory, 'ballast')}`, 'bs=64k']).catch(() => undefined)
    const buying = Promise.all(offers.map((offer) => travellers.buy(offer)))
    // Segments that were kept for later hold for a while.
    const isDown = await until(
      async () =>
        stack
          .sql(
            `select pg_switch_wal(); create table if not exists chaos.log_ballast (bytes text); insert into chaos.log_ballast select md5(random()::text) from generate_series(1, 20000)`,
          )
          .then(
            () => false,
            () => true,
          ),
      20_000,
    )
    const begun = performance.now()
    const ready = await Promise.all(
      stack.processes('api').map(({ url }) =>
        fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(ANSWER_MS) }).then(
          ({ status }) => status,
          () => 0,
        ),
      ),
    )
    say(`the log was full, Postgres ${isDown ? 'went down' : 'went on'}; readiness ${ready.join(', ')}`)
    await rm(path.join(disk.directory, 'ballast'))
    await comeBack(stack)
    await letThrough(stack, buying)
    return {
      broken: isDown ? [] : ['Postgres went on with a full log'],
      figures: { down_ms: Math.round(performance.now() - begun) },
    }
  } finally {
    await rm(path.join(disk.directory, 'ballast'), { force: true })
    if (!stack.postgres.isRunning()) await comeBack(stack)
    await stack.sql('drop table if exists chaos.log_ballast')
    await stack.postgres.stop('fast')
    await rm(log)
    await cp(moved, log, { recursive: true })
    await run('chown', ['-R', '--reference', directory, log])
    await rm(`${log}.before`, { recursive: true, force: true })
    await disk.unmount()
    await stack.postgres.start()
  }
}

/** It may have ended by itself, be in its recovery or about to end; what it leaves in memory goes a moment after it. */
async function comeBack(stack: ChaosStack): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await stack.postgres.stop('immediate').catch(() => undefined)
      return await stack.postgres.start()
    } catch (error) {
      if (attempt === 5) throw error
      await sleep(500 * attempt)
    }
  }
}

type Disk = { readonly directory: string; readonly unmount: () => Promise<void> }

/** A disk of so many megabytes beside the data of Postgres, which owns it. */
async function mountDisk(stack: ChaosStack, name: string, megabytes: number, beside?: string): Promise<Disk> {
  const data = beside ?? (await stack.sql<{ directory: string }>(`select current_setting('data_directory') as directory`))[0]!.directory
  const directory = path.join(path.dirname(data), name)
  await mkdir(directory, { recursive: true })
  await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'tmpfs', directory])
  const { uid, gid } = await stat(data)
  await chown(directory, uid, gid)
  return {
    directory,
    unmount: async () => {
      await run('umount', [directory]).catch(() => run('umount', ['-l', directory]))
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function whyNotMounted(stack: ChaosStack): Promise<string | null> {
  if (process.getuid?.() !== 0) return 'Only root may mount a small disk for Postgres to fill.'
  try {
    const disk = await mountDisk(stack, 'trial', 1)
    await disk.unmount()
    return null
  } catch {
    return 'This machine does not allow a small disk to be mounted, so that only the disk of everybody could be filled.'
  }
}
