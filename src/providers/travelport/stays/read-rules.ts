import { attribute, children, type XmlElement } from '../../../platform/xml.ts'

/** What HotelRulesRsp says, as it says it: rules are words, and amounts stand in the rates that it repeats. */
export type HotelRules = {
  readonly rates: readonly { readonly ratePlanType: string | null; readonly base: string | null; readonly total: string | null }[]
  readonly rules: readonly { readonly name: string; readonly texts: readonly string[] }[]
}

/** Reads HotelRulesRsp. */
export function readHotelRules(reply: XmlElement): HotelRules {
  return {
    rates: children(reply, 'HotelRateDetail').map((rate) => ({
      ratePlanType: attribute(rate, 'RatePlanType') ?? null,
      base: attribute(rate, 'Base') ?? null,
      total: attribute(rate, 'Total') ?? null,
    })),
    rules: children(reply, 'HotelRuleItem').map((item) => ({
      name: attribute(item, 'Name') ?? '',
      texts: children(item, 'Text').map((text) => text.text.trim()),
    })),
  }
}
