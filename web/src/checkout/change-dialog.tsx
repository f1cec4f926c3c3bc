import { Button, Modal } from '@mantine/core'
import type { Money, Verification } from '../api/types.ts'
import { moneyWords, signOf, withoutSign } from '../ui/money-words.ts'
import styles from './checkout.module.css'

type ChangeDialogProps = {
  delta: Money | null
  total: Money
  reason: Verification['reason']
  seller: 'airline' | 'hotel'
  onContinue: () => void
  onBack: () => void
}

const otherChanges = {
  airline: {
    price: 'the price',
    schedule: 'the flight times',
    baggage: 'the baggage included',
    rules: 'the rules for changes or refunds',
  },
  hotel: {
    price: 'the price',
    schedule: 'the days or the rooms',
    baggage: 'what is included',
    rules: 'the meals included, or what cancelling costs',
  },
} as const
const goods = { airline: 'fare', hotel: 'rate' } as const

/** Nothing dearer or different is ever accepted for the traveller: they say so here or go back. */
export function ChangeDialog(props: ChangeDialogProps) {
  const { seller } = props
  const changes = otherChanges[seller]
  const isDearer = props.delta !== null && signOf(props.delta) > 0
  const also =
    props.reason !== null && props.reason !== 'price'
      ? `The ${seller} also changed ${changes[props.reason]}; look at them before you go on.`
      : null
  return (
    <Modal.Root opened onClose={props.onBack} closeOnClickOutside={false} centered>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body className={styles.dialog}>
          <Modal.Title className={styles.dialogTitle}>{isDearer ? 'The price rose' : `The ${goods[seller]} changed`}</Modal.Title>
          <p>
            {isDearer && props.delta !== null
              ? `This ${goods[seller]} rose by ${moneyWords(withoutSign(props.delta))} while you were choosing (now ${moneyWords(props.total)}). Nothing has been booked.`
              : `The ${seller} changed ${changes[props.reason ?? 'rules']} while you were choosing. The total is ${moneyWords(props.total)}. Nothing has been booked.`}
          </p>
          {isDearer && also !== null ? <p>{also}</p> : null}
          <div className={styles.dialogActions}>
            <Button onClick={props.onContinue}>Continue at {moneyWords(props.total)}</Button>
            <Button variant="outline" onClick={props.onBack}>
              Back to results
            </Button>
          </div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}
