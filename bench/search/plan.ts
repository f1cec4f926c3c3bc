/** How much of everything is measured. `quick` ends in little more than a minute; `full` is what figures are quoted from. */
export type Plan = {
  readonly name: 'quick' | 'full'
  readonly sizes: readonly { readonly offers: number; readonly routes: number }[]
  /** Draws of the mix that the gate asks beside every popular filter. */
  readonly gateDraws: number
  /** Before the first round: code is compiled, and offers are rendered when they are first shown. */
  readonly warmRequests: number
  readonly rounds: number
  /** Of one server in one round. */
  readonly seconds: number
  /** The slow ones answer so few requests that they get a little more. */
  readonly naiveSeconds: number
  readonly open: { readonly rounds: number; readonly seconds: number; readonly perSecond: number }
  readonly cold: { readonly seconds: number; readonly perSecond: number }
  readonly engineMs: number
}

export const QUICK: Plan = {
  name: 'quick',
  sizes: [
    { offers: 400, routes: 12 },
    { offers: 2_000, routes: 5 },
  ],
  gateDraws: 8,
  warmRequests: 12_000,
  rounds: 2,
  seconds: 0.4,
  naiveSeconds: 0.4,
  open: { rounds: 1, seconds: 1.5, perSecond: 20_000 },
  cold: { seconds: 2.2, perSecond: 1_000 },
  engineMs: 400,
}

export const FULL: Plan = {
  name: 'full',
  sizes: [
    { offers: 400, routes: 200 },
    { offers: 2_000, routes: 100 },
  ],
  gateDraws: 200,
  warmRequests: 40_000,
  rounds: 5,
  seconds: 3,
  naiveSeconds: 3,
  open: { rounds: 4, seconds: 5, perSecond: 20_000 },
  cold: { seconds: 15, perSecond: 1_000 },
  engineMs: 4_000,
}
