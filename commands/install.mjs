// Plain Node without packages: this runs before anything is installed, and on whatever Node the newcomer has.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export const repository = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

const lockFile = path.join(repository, 'package-lock.json')
const modules = path.join(repository, 'node_modules')
const busy = path.join(repository, '.farewire/installing')

/** Brings node_modules to what package-lock.json says. Returns at once when they are; ends the process when it cannot. */
export async function ensureInstalled() {
  refuseOldNode()
  if (isInstalled()) return
  await takeTurn()
  try {
    if (!isInstalled()) await install()
  } finally {
    rmSync(busy, { recursive: true, force: true })
  }
}

function refuseOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  fail(
    `Farewire needs Node 20.19 or newer; this is ${process.versions.node} at ${process.execPath}.\nNewer versions: https://nodejs.org, or \`nvm install 22\`.`,
  )
}

/**
 * npm's own note of what it installed, written last, against what the lock file asks for. It is right also when a person
 * ran npm, when another branch was checked out, and when an installation was interrupted.
 */
function isInstalled() {
  const wanted = readPackages(lockFile)
  const present = readPackages(path.join(modules, '.package-lock.json'))
  if (!wanted || !present) return false
  return Object.entries(wanted).every(([location, { version, link, optional, devOptional }]) => {
    const isOurs = !location.includes('node_modules/')
    const isSpared = (optional || devOptional) && !present[location] // made for another machine
    return isOurs || link || isSpared || present[location]?.version === version
  })
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return undefined
  }
}

/** `npm start` and `npm test` may be typed at the same moment into a fresh clone; one of them installs. */
async function takeTurn() {
  mkdirSync(path.dirname(busy), { recursive: true })
  for (let waited = 0; ; waited += 500) {
    try {
      mkdirSync(busy)
      writeFileSync(path.join(busy, 'pid'), String(process.pid))
      return
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (waited === 0) process.stderr.write('Another command is installing the packages; waiting for it.\n')
    if (!isHolderAlive() && waited > 1_000) rmSync(busy, { recursive: true, force: true })
    await sleep(500)
  }
}

function isHolderAlive() {
  try {
    process.kill(Number(readFileSync(path.join(busy, 'pid'), 'utf8')), 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

async function install() {
  process.stderr.write('Installing the packages (npm ci); this happens once and takes about a minute.\n')
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm']
  const options = ['ci', '--include=dev', '--no-audit', '--no-fund', '--json=false', '--loglevel=error']
  const begun = Date.now()
  const progress = setInterval(() => process.stderr.write(`  still installing, ${Math.round((Date.now() - begun) / 1000)} s\n`), 15_000)
  // stdout belongs to the command that comes after, which may print a document there.
  const child = spawn(npm[0], [...npm.slice(1), ...options], { cwd: repository, stdio: ['ignore', process.stderr, process.stderr] })
  const code = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', resolve)
  })
  clearInterval(progress)
  if (code !== 0)
    fail(`\`npm ci\` failed (${code}). What it said stands above; with a proxy or a private registry, check \`npm config get registry\`.`)
  process.stderr.write(`Installed in ${Math.round((Date.now() - begun) / 1000)} s.\n`)
}

function fail(message) {
  process.stderr.write(`${message}\n`)
  rmSync(busy, { recursive: true, force: true })
  process.exit(3)
}
