import type { Money as MoneyValue } from '../api/types.ts'
import { moneyWords } from './money-words.ts'

/** An amount, tabular so that columns of prices line up. */
export function Money(props: { value: MoneyValue; className?: string }) {
  return <span className={props.className === undefined ? 'num' : `num ${props.className}`}>{moneyWords(props.value)}</span>
}
