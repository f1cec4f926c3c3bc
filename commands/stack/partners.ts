import path from 'node:path'
import { startDuffelMock } from '../../fixtures/duffel/index.ts'
import { startMailInbox } from '../../fixtures/mail/index.ts'
import { startStripeMock } from '../../fixtures/stripe/index.ts'
import { startTravelportMock } from '../../fixtures/travelport/index.ts'
import type { LocalSecrets } from './home.ts'

export type Partners = {
  /** Addresses of what runs here; null for a partner that the environment points elsewhere. */
  readonly urls: {
    readonly inbox: string | null
    readonly travelport: string | null
    readonly duffel: string | null
    readonly stripe: string | null
  }
  /** How the application reaches them. */
  readonly environment: Record<string, string>
  readonly close: () => Promise<void>
}

export type PartnersOptions = {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly secrets: LocalSecrets
  /** Where Stripe's account is kept from one start to the next: payments outlive the process that asked for them. */
  readonly directory: string
  /** Where Stripe's webhooks go. */
  readonly webhookUrl: string
  /** Answer as slowly as the real ones. */
  readonly hasLatency: boolean
  /** A port for each, or 0 for any. */
  readonly ports: { readonly inbox: number; readonly travelport: number; readonly duffel: number; readonly stripe: number }
}

const TRAVELPORT_USERNAME = 'Universal API/uAPI-farewire'
const TRAVELPORT_BRANCH = 'P7000001'

/** The suppliers, the payment provider and the mail server a local stack talks to, each one real protocol on a port. */
export async function startPartners(options: PartnersOptions): Promise<Partners> {
  const { environment: given, secrets, ports } = options
  const closers: (() => Promise<void>)[] = []
  const close = async () => {
    await Promise.all(closers.map((closeOne) => closeOne()))
  }
  const environment: Record<string, string> = {}
  const urls: { -readonly [Name in keyof Partners['urls']]: string | null } = { inbox: null, travelport: null, duffel: null, stripe: null }
  const starts: [string, () => Promise<void>][] = [
    [
      'SMTP_URL',
      async () => {
        const inbox = await startMailInbox({ httpPort: ports.inbox })
        closers.push(inbox.close)
        urls.inbox = inbox.url
        environment.SMTP_URL = inbox.smtpUrl
      },
    ],
    [
      'TRAVELPORT_URL',
      async () => {
        const account = { username: TRAVELPORT_USERNAME, password: secrets.travelportPassword, targetBranch: TRAVELPORT_BRANCH }
        const mock = await startTravelportMock({ port: ports.travelport, latency: options.hasLatency, ...account })
        closers.push(mock.close)
        urls.travelport = mock.url
        environment.TRAVELPORT_URL = mock.url
        environment.TRAVELPORT_USERNAME = account.username
        environment.TRAVELPORT_PASSWORD = account.password
        environment.TRAVELPORT_TARGET_BRANCH = account.targetBranch
      },
    ],
    [
      'DUFFEL_URL',
      async () => {
        const mock = await startDuffelMock({ port: ports.duffel, latency: options.hasLatency, token: secrets.duffelToken })
        closers.push(mock.close)
        urls.duffel = mock.url
        environment.DUFFEL_URL = mock.url
        environment.DUFFEL_TOKEN = secrets.duffelToken
      },
    ],
    [
      'STRIPE_SECRET_KEY',
      async () => {
        const mock = await startStripeMock({
          port: ports.stripe,
          latency: options.hasLatency,
          secretKey: secrets.stripeSecretKey,
          webhookSecret: secrets.stripeWebhookSecret,
          webhookUrl: options.webhookUrl,
          stateFile: path.join(options.directory, 'stripe.json'),
        })
        closers.push(mock.close)
        urls.stripe = mock.url
        environment.STRIPE_URL = mock.url
        environment.STRIPE_SECRET_KEY = secrets.stripeSecretKey
        environment.STRIPE_WEBHOOK_SECRET = secrets.stripeWebhookSecret
      },
    ],
  ]
  const results = await Promise.allSettled(starts.filter(([name]) => !given[name]).map(([, start]) => start()))
  const failure = results.find((result) => result.status === 'rejected')
  if (!failure) return { urls, environment, close }
  await close()
  throw failure.reason
}
