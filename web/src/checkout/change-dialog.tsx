import { Button, Modal } from '@mantine/core'
import type { Money, Verification } from '../api/types.ts'
import { moneyWords, signOf, withoutSign } from '../ui/money-words.ts'
import styles from './checkout.module.css'

type ChangeDialogProps = { delta: Money | null; total: Money; reason: Verification['reason']; onContinue: () => void; onBack: () => void }

const otherChanges = {
  price: 'the price',
  schedule: 'the flight times',
  baggage: 'the baggage included',
  rules: 'the rules for changes or refunds',
} as const

/** Nothing dearer or different is ever accepted for the traveller: they say so here or go back. */
export function ChangeDialog(props: ChangeDialogProps) {
  const isDearer = props.delta !== null && signOf(props.delta) > 0
  const also =
    props.reason !== null && props.reason !== 'price'
      ? `The airline also changed ${otherChanges[props.reason]}; look at them before you go on.`
      : null
  return (
    <Modal.Root opened onClose={props.onBack} closeOnClickOutside={false} centered>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body className={styles.dialog}>
          <Modal.Title className={styles.dialogTitle}>{isDearer ? 'The price rose' : 'The fare changed'}</Modal.Title>
          <p>
            {isDearer && props.delta !== null
              ? `This fare rose by ${moneyWords(withoutSign(props.delta))} while you were choosing (now ${moneyWords(props.total)}). Nothing has been booked.`
              : `The airline changed ${otherChanges[props.reason ?? 'rules']} while you were choosing. The total is ${moneyWords(props.total)}. Nothing has been booked.`}
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
