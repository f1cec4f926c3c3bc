import { existsSync } from 'node:fs'
import axe from 'axe-core'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

/** Debian's chromium; CHROMIUM_PATH names another. Null, with a line on stderr, when there is none: journeys are skipped then. */
export function findChromium(): string | null {
  const file = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
  if (existsSync(file)) return file
  process.stderr.write(`Skipped: no chromium at ${file}. Install Debian's "chromium" or set CHROMIUM_PATH.\n`)
  return null
}

/** A chromium that talks to nobody but the page it is given. */
export function launchBrowser(executablePath: string): Promise<Browser> {
  const quiet = [
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-quic',
    '--disable-gpu',
  ]
  return chromium.launch({ executablePath, headless: true, args: ['--no-sandbox', ...quiet] })
}

export const phone: BrowserContextOptions = { viewport: { width: 360, height: 780 } }
export const desktop: BrowserContextOptions = { viewport: { width: 1440, height: 900 } }

export type Visit = {
  readonly page: Page
  /** Every origin the page asked anything of, with what it asked, apart from where it navigated as a whole. */
  readonly askedElsewhere: readonly string[]
  /** Errors the page threw or logged. */
  readonly errors: readonly string[]
  readonly close: () => Promise<void>
}

/** Opens a fresh visitor: no cookies, no storage, no motion to audit in the middle of. `origin` is the page's own. */
export async function openVisit(browser: Browser, origin: string, options: BrowserContextOptions): Promise<Visit> {
  const context = await browser.newContext({ ...options, locale: 'en-GB', timezoneId: 'Asia/Jakarta', reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const askedElsewhere: string[] = []
  const errors: string[] = []
  page.on('request', (request) => {
    const isWholePage = request.isNavigationRequest() && request.frame() === page.mainFrame()
    const isFromShop = page.url().startsWith(origin) || page.url() === 'about:blank'
    if (!isWholePage && isFromShop && !request.url().startsWith(origin) && !request.url().startsWith('data:'))
      askedElsewhere.push(request.url())
  })
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    // A refused request is logged by the browser itself; whether it should have been refused is for the test to say.
    if (message.type() === 'error' && page.url().startsWith(origin) && !message.text().startsWith('Failed to load resource'))
      errors.push(message.text())
  })
  return { page, askedElsewhere, errors, close: () => context.close() }
}

/** The WCAG 2.2 A and AA violations axe finds on the page once it is at rest, each with the element it is about. */
export async function auditPage(page: Page): Promise<string[]> {
  // What is being replaced is dimmed until the new is there, and nobody reads it.
  await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' })
  await page.evaluate(axe.source)
  const found = await page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then(({ violations }) =>
       violations.flatMap(({ id, impact, nodes }) => nodes.map((node) => id + ' (' + impact + '): ' + node.html.slice(0, 200))))`,
  )
  return found as string[]
}
