import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { shownOfferKey } from '../api/offers.ts'
import type { Offer, Result } from '../api/types.ts'
import { ButtonLink } from '../ui/button-link.tsx'
import {
  baggageWords,
  brandNames,
  carrierNames,
  emissionsWords,
  offerCounts,
  otherBaggageWords,
  segmentOtherBaggageWords,
} from '../ui/fare-words.ts'
import { BagIcon } from '../ui/icons.tsx'
import { SliceDetails, SliceWire } from '../ui/itinerary.tsx'
import { moneyWords, shareOf } from '../ui/money-words.ts'
import { Money } from '../ui/money.tsx'
import { changeWords, laterPenalties, refundWords } from '../ui/penalty-words.ts'
import { Instant } from '../ui/time.tsx'
import { dayAtPlace } from '../ui/time-words.ts'
import styles from './offer-card.module.css'
import { OtherSellers } from './other-sellers.tsx'
import { transferIndex } from './tickets.ts'
import { SelfTransferBadge, SelfTransferNotice, TicketChoices } from './self-transfer.tsx'

/** One fare: the journey, who flies it, what is included, what it costs everyone together. */
export function OfferCard(props: { offer: Result; sellerName: (provider: string) => string }) {
  const client = useQueryClient()
  const detailsId = useId()
  const titleId = useId()
  const [isOpen, setOpen] = useState(false)
  const { offer } = props
  const brands = brandNames(offer.slices)
  const carriers = carrierNames(offer.slices)
  const emissions = emissionsWords(offer)
  const transfer = offer.self_transfer
  return (
    <article className={styles.card} aria-labelledby={titleId}>
      <div className={styles.journey}>
        <h3 id={titleId} className={styles.carriers}>
          {carriers}
          <span className="said">
            , {offer.slices.map((slice) => `${slice.origin} to ${slice.destination}`).join(', then ')}, {moneyWords(offer.total)}
          </span>
        </h3>
        {transfer === null ? null : <SelfTransferBadge />}
        {offer.slices.map((slice, i) => (
          <SliceWire
            key={`${slice.origin}${i}`}
            slice={slice}
            withDay={offer.slices.length > 1}
            isUnprotected={transfer !== null}
            unprotectedAt={transfer === null ? null : transferIndex(offer, transfer)}
          />
        ))}
        <ul className={styles.facts}>
          <li>
            <BagIcon /> {baggageWords(offer.slices)}
          </li>
          {otherBaggageWords(offer).map((words) => (
            <li key={words}>{words}</li>
          ))}
          <li>{refundWords(offer)}</li>
          <li>{changeWords(offer)}</li>
          {emissions === null ? null : <li>{emissions}</li>}
          {brands === '' ? null : <li>{brands}</li>}
        </ul>
        {transfer === null ? null : <SelfTransferNotice transfer={transfer} />}
      </div>
      <div className={styles.buy}>
        <div>
          <Money value={offer.total} className={styles.price} />
          <div className={styles.perPerson}>{perPersonWords(offer)}</div>
        </div>
        <div className={styles.buttons}>
          {transfer === null ? (
            <ButtonLink
              to="/book/$offerId"
              params={{ offerId: offer.id }}
              onClick={() => client.setQueryData(shownOfferKey(offer.id), offer)}
              aria-label={`Choose, ${carriers}, ${moneyWords(offer.total)}`}
            >
              Choose
            </ButtonLink>
          ) : (
            <TicketChoices offer={offer} transfer={transfer} />
          )}
          <Button variant="subtle" aria-expanded={isOpen} aria-controls={detailsId} onClick={() => setOpen(!isOpen)}>
            {isOpen ? 'Hide details' : 'Details'}
          </Button>
        </div>
        <OtherSellers alternatives={offer.alternatives} journey={carriers} sellerName={props.sellerName} />
      </div>
      {isOpen ? (
        <div id={detailsId} className={styles.details}>
          {offer.slices.map((slice, i) => (
            <div key={`${slice.origin}${i}`}>
              <h4 className={styles.detailsTitle}>
                {slice.origin} to {slice.destination}
                {slice.segments[0] === undefined ? '' : `, ${dayAtPlace(slice.segments[0].departure, true)}`}
              </h4>
              <SliceDetails slice={slice} otherBags={(index) => segmentOtherBaggageWords(offer, i, index)} />
            </div>
          ))}
          <MoreTerms offer={offer} />
          <p className={`small muted ${styles.sold}`}>
            {transfer === null ? `Sold through ${props.sellerName(offer.provider)}.` : 'Two tickets, each sold and booked by itself.'}
          </p>
        </div>
      ) : null}
    </article>
  )
}

/** What the card has no room for: penalties after departure, and how long the price is guaranteed. */
function MoreTerms(props: { offer: Offer }) {
  const { price_guaranteed_until: until } = props.offer
  const penalties = laterPenalties(props.offer)
  if (until === null && penalties.length === 0) return null
  return (
    <ul className={`small muted ${styles.terms}`}>
      {penalties.map((words) => (
        <li key={words}>{words}</li>
      ))}
      {until === null ? null : (
        <li>
          The airline guarantees this price until <Instant value={until} />
        </li>
      )}
    </ul>
  )
}

function perPersonWords(offer: Offer): string {
  const { total } = offerCounts(offer)
  if (total <= 1) return 'total for 1 traveller'
  const { share, isExact } = shareOf(offer.total, total)
  return `for ${total} travellers, ${isExact ? '' : 'about '}${moneyWords(share)} each`
}
