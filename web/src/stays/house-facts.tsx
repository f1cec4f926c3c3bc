import type { HouseDetails } from '../api/types.ts'
import { distanceWords, houseTypeWords, ratingWords, starsWords } from '../ui/stay-words.ts'
import styles from './stays.module.css'

type HouseFactsProps = {
  house: Pick<HouseDetails, 'stars' | 'rating' | 'type' | 'district' | 'city'>
  /** From the centre; null where it is not known from where. */
  distance: number | null
}

/** What a house is, in one line: what nobody says of it is left out, but for guests' ratings. */
export function HouseFacts(props: HouseFactsProps) {
  const { house, distance } = props
  const facts = [
    starsWords(house.stars),
    houseTypeWords(house.type),
    house.district ?? house.city,
    distance === null ? null : `${distanceWords(distance)} from the centre`,
  ].filter((fact) => fact !== null)
  const rating = ratingWords(house.rating)
  return (
    <ul className={styles.facts}>
      <li>
        {rating === null ? (
          'Not rated yet'
        ) : (
          <>
            Guests: <strong className="num">{rating}</strong>
          </>
        )}
      </li>
      {facts.map((fact) => (
        <li key={fact}>{fact}</li>
      ))}
    </ul>
  )
}
