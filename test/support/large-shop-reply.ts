/**
 * A LowFareSearch reply made larger: every shared list and the price points are repeated with keys and flight numbers of
 * their own, as a larger answer to the same question would have them.
 */
export function enlargeShopReply(xml: string, bytes: number): string {
  const lists = /<air:(FlightDetailsList|AirSegmentList|FareInfoList|AirPricePointList)>([\s\S]*?)<\/air:\1>/g
  const times = Math.max(1, Math.round(bytes / xml.length))
  return xml.replace(lists, (_, name: string, content: string) => {
    const copies = Array.from({ length: times }, (__, copy) => (copy === 0 ? content : copyOf(content, copy)))
    return `<air:${name}>${copies.join('')}</air:${name}>`
  })
}

function copyOf(content: string, copy: number): string {
  return content
    .replace(/ (Key|SegmentRef|FareInfoRef)="([^"]*)"/g, (_, name: string, key: string) => ` ${name}="${key}~${copy}"`)
    .replace(/ FlightNumber="(\d+)"/g, (_, number: string) => ` FlightNumber="${((Number(number) + copy * 1_000) % 9_999) + 1}"`)
}
