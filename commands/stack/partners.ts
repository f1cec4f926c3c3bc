import { createHmac } from 'node:crypto'
import path from 'node:path'
import { FACADES, startFacade } from '../../fixtures/gateways/index.ts'
import { startMailInbox } from '../../fixtures/mail/index.ts'
import { SUPPLIER_MOCKS, type MockStart, type RunningMock } from '../../fixtures/mocks.ts'
import { startStripeMock } from '../../fixtures/stripe/index.ts'
import type { LocalSecrets } from './home.ts'

export type Partners = {
  /** Addresses of what runs here by name ("inbox", "stripe", a provider's id); null for a partner that is elsewhere, or off. */
  readonly urls: Readonly<Record<string, string | null>>
  /** How the application reaches them. */
  readonly environment: Record<string, string>
  readonly close: () => Promise<void>
}

export type PartnersOptions = {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly secrets: LocalSecrets
  /** Where payment providers' accounts are kept from one start to the next: payments outlive the process that asked for them. */
  readonly directory: string
  /** Where payment providers' notifications go; each to the address of its name below it. */
  readonly webhooksUrl: string
  /** Answer as slowly as the real ones. */
  readonly hasLatency: boolean
  /** The suppliers that are mocked, by id; the others are off unless the environment says where they are. */
  readonly suppliers: readonly string[]
  /** The first of a row of ports, one for each partner; null for any free ones. */
  readonly firstPort: number | null
}

/** One kind of partner: the variables of which any, when given, keeps it from starting, and how it starts. */
type Start = { readonly name: string; readonly switches: readonly string[]; readonly start: (options: MockStart) => Promise<RunningMock> }

/** Every supplier that has a mock. */
export const MOCKED_SUPPLIERS: readonly string[] = SUPPLIER_MOCKS.map(({ id }) => id)

/** The suppliers, the payment provider and the mail server a local stack talks to, each one real protocol on a port. */
export async function startPartners(options: PartnersOptions): Promise<Partners> {
  const { environment: given, secrets, hasLatency, firstPort } = options
  const starts: Start[] = [
    { name: 'inbox', switches: ['SMTP_URL'], start: startInbox },
    { name: 'stripe', switches: ['STRIPE_SECRET_KEY'], start: (mock) => startStripe(options, mock) },
    ...SUPPLIER_MOCKS.map(({ id, start, ...mock }) => ({ name: id, switches: [mock.switch], start })),
    ...FACADES.map((facade) => startOf(facade, options)),
  ]
  const wanted = (one: Start): boolean =>
    !one.switches.some((name) => given[name]) && (!MOCKED_SUPPLIERS.includes(one.name) || options.suppliers.includes(one.name))
  const results = await Promise.allSettled(
    starts.map(async (one, i) =>
      wanted(one)
        ? one.start({
            port: firstPort === null ? 0 : firstPort + i,
            hasLatency,
            secret: (label) => createHmac('sha256', secrets.sealKey).update(`${one.name} ${label}`).digest('base64url').slice(0, 24),
          })
        : null,
    ),
  )
  const running = results.flatMap((result) => (result.status === 'fulfilled' && result.value ? [result.value] : []))
  const close = async (): Promise<void> => void (await Promise.all(running.map((mock) => mock.close())))
  const failure = results.find((result) => result.status === 'rejected')
  if (failure) {
    await close()
    throw failure.reason
  }
  const urlOf = (i: number): string | null => {
    const result = results[i]!
    return result.status === 'fulfilled' ? (result.value?.url ?? null) : null
  }
  return {
    urls: Object.fromEntries(starts.map(({ name }, i) => [name, urlOf(i)])),
    environment: Object.assign({}, ...running.map(({ environment }) => environment)) as Record<string, string>,
    close,
  }
}

async function startInbox({ port }: MockStart): Promise<RunningMock> {
  const inbox = await startMailInbox({ httpPort: port })
  return { url: inbox.url, environment: { SMTP_URL: inbox.smtpUrl }, close: inbox.close }
}

/** A payment provider of our own, in this process as all of them are. */
function startOf(facade: (typeof FACADES)[number], { webhooksUrl, directory }: PartnersOptions): Start {
  const { id } = facade
  return {
    name: id,
    switches: Object.keys(
      facade.environment(
        '',
        facade.createAccount((label) => label),
      ),
    ),
    start: ({ port, hasLatency, secret }) =>
      startFacade(facade, {
        port,
        latency: hasLatency,
        secret,
        webhookUrl: `${webhooksUrl}/${id}`,
        stateFile: path.join(directory, `${id}.json`),
        // So that who watches sees a notification that failed come again.
        haste: 60,
      }),
  }
}

async function startStripe({ secrets, webhooksUrl, directory }: PartnersOptions, { port, hasLatency }: MockStart): Promise<RunningMock> {
  const { stripeSecretKey: secretKey, stripeWebhookSecret: webhookSecret } = secrets
  const stateFile = path.join(directory, 'stripe.json')
  const webhookUrl = `${webhooksUrl}/stripe`
  const mock = await startStripeMock({ port, latency: hasLatency, secretKey, webhookSecret, webhookUrl, stateFile })
  const environment = { STRIPE_URL: mock.url, STRIPE_SECRET_KEY: secretKey, STRIPE_WEBHOOK_SECRET: webhookSecret }
  return { url: mock.url, environment, close: mock.close }
}
