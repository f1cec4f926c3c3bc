/** An alliance whose airlines sell connections on each other. */
export type Alliance = 'star' | 'oneworld' | 'skyteam'

export const ALLIANCES = ['star', 'oneworld', 'skyteam'] as const satisfies readonly Alliance[]

/** The alliance the airline with this two-character IATA designator (in capitals) is a full member of; null for none. */
export function allianceOf(carrierCode: string): Alliance | null {
  return ALLIANCE_BY_CARRIER.get(carrierCode) ?? null
}

// Full members on 2026-11-25, written by us from the alliances' announcements (staralliance.com/members, oneworld.com/members,
// skyteam.com/about). Affiliates that fly under a member's code count as that member; connecting partners (HO, Rail&Fly) and
// suspended members (S7, SU since April 2022) do not count.
// Recent changes: SK left Star for SkyTeam on 2024-09-01; FJ and WY joined oneworld on 2025-04-01 and 2025-06-30; AZ left SkyTeam on
// 2025-04-30 and was admitted to Star, HA to oneworld, both for spring 2026. OZ leaves Star on 2026-12-16, to become part of KE.
const MEMBERS: Readonly<Record<Alliance, string>> = {
  star: 'A3 AC AI AV AZ BR CA CM ET LH LO LX MS NH NZ OS OU OZ SA SN SQ TG TK TP UA ZH',
  oneworld: 'AA AS AT AY BA CX FJ HA IB JL MH QF QR RJ UL WY',
  skyteam: 'AF AM AR CI DL GA KE KL KQ ME MF MU RO SK SV UX VN VS',
}

const ALLIANCE_BY_CARRIER: ReadonlyMap<string, Alliance> = new Map(
  ALLIANCES.flatMap((alliance) => MEMBERS[alliance].split(' ').map((code) => [code, alliance] as const)),
)
