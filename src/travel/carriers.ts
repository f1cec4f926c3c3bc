/** An airline by its IATA designator. */
export type Carrier = { readonly code: string; readonly name: string }

/** The airline with this two-character IATA designator, in either case; undefined for one we do not know. */
export function findCarrier(code: string): Carrier | undefined {
  const name = NAMES.get(code.toUpperCase())
  return name === undefined ? undefined : { code: code.toUpperCase(), name }
}

// Written by us, checked against a second list by a test: the airlines that sell most seats and those of the markets we start in.
const NAMES: ReadonlyMap<string, string> = new Map(
  `
3K Jetstar Asia|3U Sichuan Airlines|4Z Airlink|5J Cebu Pacific|6E IndiGo|7C Jeju Air|8B TransNusa|8M Myanmar Airways International
9C Spring Airlines|A3 Aegean Airlines|A9 Georgian Airways|AA American Airlines|AC Air Canada|AD Azul Brazilian Airlines|AF Air France
AH Air Algérie|AI Air India|AK AirAsia|AM Aeroméxico|AR Aerolíneas Argentinas|AS Alaska Airlines|AT Royal Air Maroc|AV Avianca
AY Finnair|AZ ITA Airways|B2 Belavia|B6 JetBlue|BA British Airways|BF French bee|BG Biman Bangladesh Airlines|BI Royal Brunei Airlines
BJ Nouvelair|BL Pacific Airlines|BR EVA Air|BS US-Bangla Airlines|BT airBaltic|BX Air Busan|CA Air China|CI China Airlines
CM Copa Airlines|CX Cathay Pacific|CZ China Southern Airlines|D7 AirAsia X|DD Nok Air|DE Condor|DL Delta Air Lines
DT TAAG Angola Airlines|DY Norwegian Air Shuttle|EI Aer Lingus|EK Emirates|EN Air Dolomiti|ET Ethiopian Airlines|EW Eurowings
EY Etihad Airways|F9 Frontier Airlines|FA FlySafair|FB Bulgaria Air|FD Thai AirAsia|FI Icelandair|FJ Fiji Airways|FM Shanghai Airlines
FR Ryanair|FY Firefly|FZ flydubai|G3 Gol Linhas Aéreas|G9 Air Arabia|GA Garuda Indonesia|GF Gulf Air|GK Jetstar Japan|H2 Sky Airline
HA Hawaiian Airlines|HB Greater Bay Airlines|HF Air Côte d'Ivoire|HO Juneyao Air|HU Hainan Airlines|HV Transavia|HX Hong Kong Airlines
HY Uzbekistan Airways|IB Iberia|ID Batik Air|IE Solomon Airlines|IN Nam Air|IR Iran Air|IU Super Air Jet|IW Wings Air
IX Air India Express|J2 Azerbaijan Airlines|JA JetSMART|JD Beijing Capital Airlines|JJ LATAM Airlines Brasil|JL Japan Airlines
JQ Jetstar Airways|JT Lion Air|JU Air Serbia|K6 Air Cambodia|KC Air Astana|KE Korean Air|KL KLM Royal Dutch Airlines
KM KM Malta Airlines|KQ Kenya Airways|KU Kuwait Airways|LA LATAM Airlines|LG Luxair|LH Lufthansa|LJ Jin Air|LO LOT Polish Airlines
LS Jet2|LX SWISS|LY El Al|ME Middle East Airlines|MF Xiamen Airlines|MH Malaysia Airlines|MK Air Mauritius|MM Peach Aviation|MS EgyptAir
MU China Eastern Airlines|NF Air Vanuatu|NH All Nippon Airways|NK Spirit Airlines|NX Air Macau|NZ Air New Zealand|O6 Iberojet
OA Olympic Air|OD Batik Air Malaysia|OK Czech Airlines|OM MIAT Mongolian Airlines|OR TUI fly Netherlands|OS Austrian Airlines
OU Croatia Airlines|OZ Asiana Airlines|P4 Air Peace|PC Pegasus Airlines|PG Bangkok Airways|PK Pakistan International Airlines
PQ SkyUp Airlines|PR Philippine Airlines|PS Ukraine International Airlines|PX Air Niugini|PY Surinam Airways|QF Qantas|QG Citilink
QP Akasa Air|QR Qatar Airways|QS Smartwings|QV Lao Airlines|QZ Indonesia AirAsia|RA Nepal Airlines|RJ Royal Jordanian|RO TAROM
S4 SATA International|S7 S7 Airlines|SA South African Airways|SB Aircalin|SC Shandong Airlines|SG SpiceJet|SK Scandinavian Airlines
SL Thai Lion Air|SM Air Cairo|SN Brussels Airlines|SQ Singapore Airlines|SU Aeroflot|SV Saudia|T3 Eastern Airways|TB TUI fly Belgium
TC Air Tanzania|TG Thai Airways International|TK Turkish Airlines|TM LAM Mozambique Airlines|TN Air Tahiti Nui|TO Transavia France
TP TAP Air Portugal|TR Scoot|TS Air Transat|TU Tunisair|TW T'way Air|TX Air Caraïbes|U2 easyJet|U6 Ural Airlines|UA United Airlines
UB Myanmar National Airlines|UL SriLankan Airlines|UO Hong Kong Express|UR Uganda Airlines|UT UTair|UU Air Austral|UX Air Europa
VA Virgin Australia|VF AJet|VJ VietJet Air|VN Vietnam Airlines|VS Virgin Atlantic|VU Vietravel Airlines|VY Vueling|VZ Thai VietJet Air
W6 Wizz Air|WB RwandAir|WF Widerøe|WN Southwest Airlines|WS WestJet|WY Oman Air|X3 TUI fly Deutschland|XJ Thai AirAsia X|XY flynas
Y4 Volaris|YP Air Premia|Z2 Philippines AirAsia|ZH Shenzhen Airlines|ZZ Duffel Airways
`
    .trim()
    .split(/[|\n]/u)
    .map((entry) => [entry.slice(0, 2), entry.slice(3)] as const),
)
