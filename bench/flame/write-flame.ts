import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { listRoutes } from '../search/data-set.ts'
import { createDraws } from '../search/draws.ts'
import { measure } from '../search/rows/measure.ts'
import { seedCache } from '../search/seed.ts'
import { openStage } from '../search/stage.ts'
import { toFlamePage, toFrames, type CpuProfile } from './profile.ts'

const ROUTES = 50
const OFFERS = 400

/** Profiles our server, answers not kept, under the mixed load, and writes a page that shows where its time goes. */
export async function writeFlame(options: { seconds: number; file: string; say: (line: string) => void }): Promise<void> {
  const stage = await openStage(options.say)
  try {
    const routes = listRoutes(ROUTES)
    stage.say(`preparing ${ROUTES} routes of ${OFFERS} offers`)
    await seedCache(stage.redis, stage.clock, { routes, offers: OFFERS })
    const nodeOptions = ['--cpu-prof', `--cpu-prof-dir=${stage.directory}`, '--cpu-prof-interval=250']
    const server = await stage.start('ours', { kind: 'ours', routes: ROUTES, nodeOptions })
    stage.say(`loading it for ${options.seconds} s`)
    const sample = await measure(server, { draw: createDraws(routes, 1).request, seconds: options.seconds })
    await stage.clear()
    // The main thread writes the largest profile.
    const profile = await largestProfile(stage.directory)
    const title = `Farewire search, ${OFFERS} offers, answers not kept, ${Math.round(sample.perSecond)} requests/s`
    await writeFile(options.file, toFlamePage(toFrames(JSON.parse(await readFile(profile, 'utf8')) as CpuProfile), title))
    await copyFile(profile, `${options.file}.cpuprofile`)
  } finally {
    await stage.close()
  }
}

async function largestProfile(directory: string): Promise<string> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.cpuprofile'))
  const profiles = await Promise.all(names.map(async (name) => ({ name, size: (await readFile(path.join(directory, name))).length })))
  const [largest] = profiles.sort((a, b) => b.size - a.size)
  if (largest === undefined) throw new Error('the server wrote no profile')
  return path.join(directory, largest.name)
}
