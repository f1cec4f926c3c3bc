import type { Money } from '../../kernel/money.ts'

/** An amount that a provider cannot be asked for exactly. It is not rounded: nobody is charged another amount than was shown. */
export class UnrepresentableAmount extends RangeError {
  constructor(value: Money, why: string) {
    super(`${value.amount} minor units of ${value.currency} cannot be charged: ${why}`)
    this.name = 'UnrepresentableAmount'
  }
}
