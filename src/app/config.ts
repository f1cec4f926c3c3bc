import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import { isCurrency, type Currency } from '../kernel/currency.ts'
import { FAILPOINTS } from '../platform/failpoint.ts'
import type { ClusterAddress } from '../platform/redis.ts'
import { gatewayFaults, readGatewayOrder, readGateways, type GatewaysConfig } from '../payments/index.ts'
import { secret, type Secret } from '../platform/secret.ts'
import { providerFaults, readProviders, type ProvidersConfig } from '../providers/index.ts'

const url = (description: string, example: string) => Type.String({ pattern: '^[a-z]+://', description, examples: [example] })
const integer = (description: string, byDefault: string) => Type.String({ pattern: '^\\d{1,9}$', default: byDefault, description })

/**
 * Every variable the process reads beside those of suppliers and payment gateways (index.ts of each), with its purpose. What is
 * optional switches something off when it is absent.
 */
const Environment = Type.Object({
  HOST: Type.String({ default: '127.0.0.1', description: 'address to listen on' }),
  PORT: integer('port to listen on; 0 takes a free one', '4000'),
  PUBLIC_URL: Type.Optional(url('where travellers reach this site; default: the address listened on', 'https://shop.example.com')),
  LOG_LEVEL: Type.String({ pattern: '^(debug|info|warn|error|silent)$', default: 'info', description: 'how much is logged' }),
  DATABASE_URL: url('Postgres, as a role that may act as farewire_app', 'postgres://farewire@db/farewire'),
  DATABASE_CONNECTIONS_MAX: integer('connections of one process for requests', '20'),
  DATABASE_WORKER_CONNECTIONS_MAX: integer(
    'connections of one process kept for its workers, whatever requests need; they do twice as many reactions at once',
    '10',
  ),
  REDIS_URL: url('Redis for caches (allkeys-lru, no persistence)', 'redis://cache:6379'),
  REDIS_CLUSTER_NODES: Type.Optional(
    Type.String({
      pattern: '^[^\\s,:]+:\\d{1,5}( *, *[^\\s,:]+:\\d{1,5})*$',
      description: 'some nodes of a Redis Cluster, which is then the cache in place of REDIS_URL',
      examples: ['cache-1:6379,cache-2:6379'],
    }),
  ),
  REDIS_STATE_URL: url('Redis for queues (noeviction, append-only file)', 'redis://state:6379'),
  SEAL_KEY: Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$', description: '32 random bytes in base64 that seal personal data' }),
  STORAGE_DIRECTORY: Type.String({ minLength: 1, description: 'folder for documents' }),
  SMTP_URL: url('mail server', 'smtp://mail:25'),
  MAIL_FROM: Type.String({ default: 'Farewire <tickets@farewire.example>', description: 'sender of mails' }),
  DISPLAY_CURRENCY: Type.String({ pattern: '^[A-Z]{3}$', default: 'USD', description: 'currency prices are shown and charged in' }),
  GUEST_COUNTRY: Type.String({
    pattern: '^[A-Z]{2}$',
    default: 'US',
    description: 'where guests of hotels live who do not say: some rates are sold in some countries only',
  }),
  SANDBOX: Type.String({
    pattern: '^(true|false)$',
    default: 'false',
    description: 'whether suppliers and payments are not real, which the page then says',
  }),
  WEB_DIRECTORY: Type.Optional(Type.String({ description: 'folder of the built web page' })),
  SEARCH_DEADLINE_MS: integer('longest a search waits for suppliers', '6000'),
  READING_NICENESS: Type.String({
    pattern: '^1?\\d$',
    default: '10',
    description: "how far the threads that read suppliers' replies stand back behind cached answers when a core is short, 0 to 19",
  }),
  PARTNER_RECORDINGS_DIRECTORY: Type.Optional(
    Type.String({
      minLength: 1,
      description: "folder to keep suppliers' messages in, without people and secrets; none are kept without it",
    }),
  ),
  PAYMENT_MINUTES: integer('time to pay; Stripe needs at least 30', '30'),
  DRAIN_MS: integer(
    'from saying "not ready" to accepting no more, for load balancers to notice; longer than their checks are apart',
    '300',
  ),
  LOOP_DELAY_MAX_MS: integer('above this delay of the event loop, second after second, requests are refused; 0 never refuses', '1000'),
  ANSWER_MINUTES: integer('from payment to a ticket or the money back', '60'),
  QUEUE_LOCK_MS: integer('how long a worker may be silent before its job goes to another one', '30000'),
  FAILPOINT: Type.Optional(
    Type.String({
      pattern: `^(${FAILPOINTS.join('|')})(:[1-9]\\d{0,5})?$`,
      description: 'where this process kills itself, in a sandbox only, at the n-th passing',
      examples: ['supplier-answered:2'],
    }),
  ),
  OPS_TOKEN: Type.Optional(
    Type.String({
      pattern: '^[\\x21-\\x7e]{24,200}$',
      description: 'what operators show as "Authorization: Bearer", at least 24 characters; without it there are no addresses for them',
    }),
  ),
  OPS_TOKENS: Type.Optional(
    Type.String({
      pattern: '^[a-z][a-z0-9._-]{0,40}:[\\x21-\\x2b\\x2d-\\x7e]{24,200}(,[a-z][a-z0-9._-]{0,40}:[\\x21-\\x2b\\x2d-\\x7e]{24,200})*$',
      description: 'tokens of operators by name, for what takes two people; OPS_TOKEN is the operator named operator',
      examples: ['mina:a-token-of-24-characters-1,raj:a-token-of-24-characters-2'],
    }),
  ),
  OPS_APPROVAL_LIMIT: integer('what an operator may move alone, in minor units of DISPLAY_CURRENCY; more takes a second one', '50000'),
  RECONCILE_DAILY: Type.String({
    pattern: '^(true|false)$',
    default: 'true',
    description: "whether a day's money and bookings are compared with the statements of gateways and suppliers when it is over",
  }),
  BREAK_HOURS: integer('after how long a difference that may settle by itself becomes a work item', '24'),
})

type Env = Static<typeof Environment>

export type Config = {
  readonly http: { readonly host: string; readonly port: number; readonly publicUrl: string | null; readonly webDirectory: string | null }
  readonly isSandbox: boolean
  readonly logLevel: string
  readonly database: { readonly url: Secret; readonly connectionsMax: number; readonly workerConnectionsMax: number }
  readonly drainMs: number
  readonly loopDelayMaxMs: number
  readonly redis: { readonly cacheUrl: Secret; readonly clusterNodes: readonly ClusterAddress[] | null; readonly stateUrl: Secret }
  readonly sealKey: Secret
  readonly storageDirectory: string
  readonly mail: { readonly smtpUrl: Secret; readonly from: string }
  readonly displayCurrency: Currency
  /** ISO 3166-1 alpha-2. */
  readonly guestCountry: string
  readonly searchDeadlineMs: number
  readonly readingNiceness: number
  readonly queueLockMs: number
  /** Where this process is to die; never set outside a sandbox. */
  readonly failpoint: string | null
  /** Who may operate the installation, and what each shows; none is that there is nothing for them. */
  readonly operators: readonly { readonly name: string; readonly token: Secret }[]
  /** In minor units of the display currency. */
  readonly approvalLimit: number
  readonly reconciliation: { readonly isDaily: boolean; readonly breakHours: number }
  /** Where suppliers' messages are kept for tests; null keeps none. */
  readonly partnerRecordings: string | null
  /** The suppliers that are on, each with everything it needs. */
  readonly providers: ProvidersConfig
  /** The payment gateways that are on, each with everything it needs. */
  readonly gateways: GatewaysConfig
  /** Those that take new payments, the first choice first; empty: all, as fits the payment. */
  readonly gatewayOrder: readonly string[]
  readonly policy: { readonly paymentMinutes: number; readonly answerMinutes: number }
}

/** A configuration that cannot be started with; the message names every fault, what each variable is for, and an example. */
export class ConfigError extends Error {
  constructor(faults: readonly string[]) {
    super(
      `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    )
    this.name = 'ConfigError'
  }
}

/** Reads the environment once; throws {@link ConfigError} with all faults at once. */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => name in Environment.properties && value !== undefined && value !== ''),
  )
  const env = Value.Default(Environment, given) as Env
  const faults = [...schemaFaults(env), ...operatorFaults(env), ...providerFaults(environment), ...gatewayFaults(environment)]
  if (!isCurrency(env.DISPLAY_CURRENCY ?? '')) faults.push(`DISPLAY_CURRENCY: "${env.DISPLAY_CURRENCY}" is not an ISO 4217 currency`)
  if (env.FAILPOINT !== undefined && env.SANDBOX !== 'true') faults.push('FAILPOINT is for a sandbox: set SANDBOX=true, or leave it out')
  if (faults.length > 0) throw new ConfigError(faults)
  return Object.freeze({
    http: {
      host: env.HOST,
      port: Number(env.PORT),
      publicUrl: env.PUBLIC_URL?.replace(/\/$/, '') ?? null,
      webDirectory: env.WEB_DIRECTORY ?? null,
    },
    isSandbox: env.SANDBOX === 'true',
    logLevel: env.LOG_LEVEL,
    database: {
      url: secret(env.DATABASE_URL),
      connectionsMax: Number(env.DATABASE_CONNECTIONS_MAX),
      workerConnectionsMax: Number(env.DATABASE_WORKER_CONNECTIONS_MAX),
    },
    drainMs: Number(env.DRAIN_MS),
    loopDelayMaxMs: Number(env.LOOP_DELAY_MAX_MS),
    redis: {
      cacheUrl: secret(env.REDIS_URL),
      clusterNodes: env.REDIS_CLUSTER_NODES === undefined ? null : clusterAddresses(env.REDIS_CLUSTER_NODES),
      stateUrl: secret(env.REDIS_STATE_URL),
    },
    sealKey: secret(env.SEAL_KEY),
    storageDirectory: env.STORAGE_DIRECTORY,
    mail: { smtpUrl: secret(env.SMTP_URL), from: env.MAIL_FROM },
    displayCurrency: env.DISPLAY_CURRENCY as Currency,
    guestCountry: env.GUEST_COUNTRY,
    searchDeadlineMs: Number(env.SEARCH_DEADLINE_MS),
    readingNiceness: Number(env.READING_NICENESS),
    queueLockMs: Number(env.QUEUE_LOCK_MS),
    failpoint: env.FAILPOINT ?? null,
    operators: operatorsOf(env),
    approvalLimit: Number(env.OPS_APPROVAL_LIMIT),
    reconciliation: { isDaily: env.RECONCILE_DAILY === 'true', breakHours: Number(env.BREAK_HOURS) },
    partnerRecordings: env.PARTNER_RECORDINGS_DIRECTORY ?? null,
    providers: readProviders(environment),
    gateways: readGateways(environment),
    gatewayOrder: readGatewayOrder(environment),
    policy: { paymentMinutes: Number(env.PAYMENT_MINUTES), answerMinutes: Number(env.ANSWER_MINUTES) },
  })
}

function operatorsOf(env: Env): Config['operators'] {
  const named = (env.OPS_TOKENS?.split(',') ?? []).map((one) => {
    const [name = '', ...token] = one.split(':')
    return { name, token: secret(token.join(':')) }
  })
  return env.OPS_TOKEN ? [{ name: 'operator', token: secret(env.OPS_TOKEN) }, ...named] : named
}

function operatorFaults(env: Env): string[] {
  const people = operatorsOf(env)
  const isTwice =
    new Set(people.map(({ name }) => name)).size < people.length || new Set(people.map(({ token }) => token.reveal())).size < people.length
  return isTwice ? ['OPS_TOKENS: each operator has one name and a token of the own'] : []
}

function clusterAddresses(list: string): ClusterAddress[] {
  return list.split(',').map((one) => {
    const [host = '', port] = one.trim().split(':')
    return { host, port: Number(port) }
  })
}

function schemaFaults(env: Env): string[] {
  return Object.entries(Environment.properties).flatMap(([name, schema]) => {
    const { description = '', examples = [] } = schema as { description?: string; examples?: string[] }
    const value = env[name as keyof Env]
    const purpose = description + (examples[0] ? `, for example ${examples[0]}` : '')
    if (value === undefined) return (Environment.required as readonly string[]).includes(name) ? [`${name} is missing: ${purpose}`] : []
    return Value.Check(schema, value) ? [] : [`${name} is not usable: ${purpose}`]
  })
}
