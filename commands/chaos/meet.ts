/** What a race says of itself whose parties did not come to the same point at the same time. */
export const NOT_MET: string[] = ['those who should have raced did not meet']

/** On a machine that is busy they may not meet the first time. */
export async function untilMet(race: () => Promise<string[]>): Promise<string[]> {
  for (let turn = 1; ; turn += 1) {
    const broken = await race()
    if (broken !== NOT_MET || turn === 3) return broken
  }
}
