import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { openPayment } from '../api/open-payment.ts'
import { toApiProblem, type ApiProblem } from '../api/problem.ts'
import type { FieldFault } from '../api/problem.ts'
import type { BookingOrder } from '../api/types.ts'
import type { Faults } from './draft-faults.ts'
import { forgetAttempt, placedBooking, placeOnce } from './place-once.ts'

/** `placing`: the booking is being placed; `opening`: the payment page is being opened; `leaving`: the browser goes there. */
export type PurchaseStep = 'idle' | 'placing' | 'opening' | 'leaving'

type Purchase = {
  offerId: string
  /** The server's faults by field of the form, and those that belong to none. */
  readFaults: (errors: readonly FieldFault[]) => { faults: Faults; rest: readonly FieldFault[] }
  onFaults: (faults: Faults) => void
}

/** Books and goes to pay. Two presses, a reload or a lost answer are still one booking and one payment. */
export function usePurchase(purchase: Purchase) {
  const navigate = useNavigate()
  const [step, setStep] = useState<PurchaseStep>('idle')
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const [, setRound] = useState(0)
  const [isAgain, setIsAgain] = useState(false)

  // Coming back from the payment page, the browser may show this page as it was left: busy.
  useEffect(() => {
    const wake = (event: PageTransitionEvent) => {
      if (event.persisted) setStep('idle')
    }
    window.addEventListener('pageshow', wake)
    return () => window.removeEventListener('pageshow', wake)
  }, [])

  const buy = async (wanted: BookingOrder) => {
    const order = isAgain ? { ...wanted, allow_duplicate: true } : wanted
    if (step !== 'idle') return
    setProblem(null)
    try {
      setStep('placing')
      const placed = await placeOnce(order)
      setStep('opening')
      const address = await openPayment(placed.bookingId, placed.total)
      if (address === null) {
        void navigate({ to: '/trips/$bookingId', params: { bookingId: placed.bookingId } })
        return
      }
      setStep('leaving')
      window.location.assign(address)
    } catch (cause) {
      const refusal = toApiProblem(cause)
      const { faults, rest } = purchase.readFaults(refusal.errors)
      const isAllInForm = refusal.errors.length > 0 && rest.length === 0
      if (Object.keys(faults).length > 0) purchase.onFaults(faults)
      if (!isAllInForm) setProblem(refusal)
      setStep('idle')
    }
  }

  return {
    step,
    problem,
    buy,
    placed: placedBooking(purchase.offerId),
    clear: () => setProblem(null),
    startOver: () => {
      forgetAttempt(purchase.offerId)
      // Asked for after being told of the booking there is: from now on a second one is meant.
      setIsAgain(true)
      setProblem(null)
      setRound((before) => before + 1)
    },
  }
}
