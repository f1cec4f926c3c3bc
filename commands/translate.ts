// npm run translate -- <provider> <operation> <file|->: what one supplier message says, as JSON.
import path from 'node:path'
import { parseArgs } from 'node:util'
import { NotUnderstood, readMessage } from './translate/read-message.ts'
import { assertKnown, listTranslators, OPERATIONS, translateMessage } from './translate/translate-message.ts'

const USAGE = 'npm run translate -- <provider> <operation> <file|->'

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  let parsed
  try {
    parsed = parseArgs({ args: [...args], options: { help: { type: 'boolean', short: 'h' } }, allowPositionals: true })
  } catch (error) {
    return refuse(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`)
  }
  if (parsed.values.help) return print(help())
  const [provider, operation, source, ...more] = parsed.positionals
  if (provider === undefined || operation === undefined || source === undefined || more.length > 0) {
    return refuse(`Exactly three words are needed: ${USAGE}\n\n${help()}`)
  }
  try {
    assertKnown(provider, operation)
    if (source === '-' && process.stdin.isTTY) process.stderr.write('Reading from standard input; end it with Ctrl-D.\n')
    const message = await readMessage(source === '-' ? source : fromWhereTyped(source), process.stdin)
    return print(`${JSON.stringify(translateMessage(provider, operation, message), null, 2)}\n`)
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error
    process.stderr.write(`Not understood: ${error.message}\n`)
    return 1
  }
}

/** npm runs scripts in the repository; a path is meant from where it was typed. */
function fromWhereTyped(file: string): string {
  return path.resolve(process.env.INIT_CWD ?? process.cwd(), file)
}

function print(text: string): number {
  // A reader that has seen enough, such as `head`, closes the pipe.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  process.stdout.write(text)
  return 0
}

function refuse(text: string): number {
  process.stderr.write(text)
  return 2
}

function help(): string {
  return `Reads one message of a supplier's and prints what Farewire understands, as JSON on stdout. Nobody is called.

Examples
  npm run translate -- travelport shop LowFareSearchRsp.xml
  npm run translate -- duffel retrieve order.json
  curl -s … | npm run translate -- duffel shop -

Usage
  ${USAGE}

  provider    ${listTranslators()
    .map(({ id }) => id)
    .join(', ')}
  operation   ${Object.keys(OPERATIONS).join(', ')}
              what the message is the answer to; "errors" when that is not known
  file        the message as it came over the wire, SOAP envelope included; "-" is standard input

What is printed for offers (shop, price, fare-rules), cheapest first
  {
    "solutions": 45,                  how many things the supplier priced
    "offers": [                       one for every bookable combination inside a solution
      {
        "id": "off_…", "provider": "travelport", "solution": 0,
        "total": { "amount": "178.74", "currency": "EUR" }, "base": …|null, "taxes": …|null,
        "passengers": [ {
          "type": "adult"|"child"|"infant", "count": 1, "total": …|null, "base": …|null, "taxes": …|null, "fees": …|null,
          "baggage": [ [ … ] ]|null   of each segment, where it is not what the segments say
        } ],
        "validating_carrier": "A3"|null, "last_ticketing_at": "…"|null, "price_guaranteed_until": "…"|null, "expires_at": "…"|null,
        "refundable": true|false|null, "changeable": true|false|null,
        "penalties": [ {
          "kind": "change"|"refund", "allowed": true|false|null, "amount": …|null, "percent": 2500|null   hundredths of a percent,
          "when": "before_departure"|"after_departure"|"no_show"|null, "until": "2026-11-20"|null
        } ],
        "slices": [ {
          "origin": "KBP", "destination": "CDG", "duration_minutes": 1510|null, "stops": 1,
          "segments": [ {
            "carrier": "A3", "flight_number": "967", "operating_carrier": …|null,
            "origin": "KBP", "origin_terminal": …|null, "destination": "ATH", "destination_terminal": …|null,
            "departure": { "local": "2016-11-10T18:35", "offset": "+02:00"|null }, "arrival": { … },
            "duration_minutes": 150|null, "equipment": "320"|null, "technical_stops": [ "DPS" ]|null,
            "cabin": "economy"|"premium_economy"|"business"|"first"|null,
            "booking_class": "P"|null, "fare_basis": …|null, "brand": …|null,
            "baggage": [ { "kind": "personal"|"carry_on"|"checked", "pieces": 0|null, "weight_kg": 23|null } ]
          } ]
        } ]
      }
    ]
  }
  null means that the message does not say; "baggage": [] too, while "pieces": 0 means that none is included.

What is printed for everything else (book, ticket, retrieve, cancel, void, errors)
  {
    "outcome": "ok"|"rejected"|"unknown",   unknown: the message does not prove that nothing happened
    "reason": null|"sold_out"|"price_changed"|…, "code": "3037", "message": "…",
    "pnr": "ABC123", "status": "active"|"cancelled"|"unknown", "total": { … }|null, "ticket_by": "…"|null,
    "segments": [ { "carrier": "A3", "flight_number": "967", "status": "confirmed"|"waitlisted"|"cancelled"|"unknown" } ],
    "tickets": [ {
      "number": "3900000000001", "passenger_name": "…"|null,
      "coupons": [ { "number": 1, "status": "open"|"flown"|"void"|…, "carrier", "flight_number", "origin", "destination" } ]
    } ],
    "refund": { … }|null                    of a cancellation; null: the supplier will say later
  }
  Only what the kind of message can hold is printed.

Exit code
  0 understood, a supplier's error included; 1 not understood, the reason is on stderr; 2 wrong use
`
}
