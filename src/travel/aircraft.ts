/** The name of an aircraft type by its IATA code, in either case; undefined for one we do not know, which is shown as it is. */
export function aircraftName(code: string): string | undefined {
  return NAMES.get(code.toUpperCase())
}

/** Every aircraft we know, by code. */
export function listAircraft(): readonly { readonly code: string; readonly name: string }[] {
  return [...NAMES].map(([code, name]) => ({ code, name }))
}

/** True for a bus, train or boat that is sold under a flight number. */
export function isSurface(code: string): boolean {
  return ['BUS', 'TRN', 'TRS', 'LCH', 'RFS'].includes(code.toUpperCase())
}

// Written by us and checked against a second list by a test: what carries scheduled passengers today.
const NAMES: ReadonlyMap<string, string> = new Map(
  `
221 Airbus A220-100|223 Airbus A220-300|310 Airbus A310|318 Airbus A318|319 Airbus A319|31B Airbus A319|320 Airbus A320|32A Airbus A320
32N Airbus A320neo|32B Airbus A321|321 Airbus A321|32Q Airbus A321neo|32S Airbus A320 family|330 Airbus A330|332 Airbus A330-200
333 Airbus A330-300|338 Airbus A330-800neo|339 Airbus A330-900neo|340 Airbus A340|343 Airbus A340-300|346 Airbus A340-600|350 Airbus A350
351 Airbus A350-1000|359 Airbus A350-900|380 Airbus A380|388 Airbus A380-800|717 Boeing 717|733 Boeing 737-300|734 Boeing 737-400
735 Boeing 737-500|736 Boeing 737-600|737 Boeing 737|738 Boeing 737-800|739 Boeing 737-900|73G Boeing 737-700|73H Boeing 737-800
73J Boeing 737-900|73W Boeing 737-700|7M7 Boeing 737 MAX 7|7M8 Boeing 737 MAX 8|7M9 Boeing 737 MAX 9|744 Boeing 747-400|74H Boeing 747-8
752 Boeing 757-200|753 Boeing 757-300|75W Boeing 757-200|762 Boeing 767-200|763 Boeing 767-300|764 Boeing 767-400|767 Boeing 767
76W Boeing 767-300|772 Boeing 777-200|773 Boeing 777-300|777 Boeing 777|77L Boeing 777-200LR|77W Boeing 777-300ER|781 Boeing 787-10
787 Boeing 787|788 Boeing 787-8|789 Boeing 787-9|290 Embraer 190-E2|295 Embraer 195-E2|E70 Embraer 170|E75 Embraer 175|E7W Embraer 175
E90 Embraer 190|E95 Embraer 195|ER3 Embraer RJ135|ER4 Embraer RJ145|CR2 Canadair Regional Jet 200|CR7 Canadair Regional Jet 700
CR9 Canadair Regional Jet 900|CRK Canadair Regional Jet 1000|AT4 ATR 42-300|AT5 ATR 42-500|AT7 ATR 72|ATR ATR 42/72
DH1 De Havilland Dash 8-100|DH2 De Havilland Dash 8-200|DH3 De Havilland Dash 8-300|DH4 De Havilland Dash 8-400|DHT De Havilland Twin Otter
F50 Fokker 50|F70 Fokker 70|100 Fokker 100|S20 Saab 2000|SF3 Saab 340|SU9 Sukhoi Superjet 100|SU1 Sukhoi Superjet 100|919 Comac C919
AR1 Avro RJ100|AR8 Avro RJ85|146 BAe 146|J31 BAe Jetstream 31|J41 BAe Jetstream 41|M82 Boeing (Douglas) MD-82|M83 Boeing (Douglas) MD-83
M88 Boeing (Douglas) MD-88|M90 Boeing (Douglas) MD-90|MA6 Xian MA60|L4T LET 410|PL2 Pilatus PC-12|BUS Bus|TRN Train|TRS High-speed train|LCH Boat
`
    .trim()
    .split(/[|\n]/u)
    .map((entry) => [entry.slice(0, 3), entry.slice(4)] as const),
)
