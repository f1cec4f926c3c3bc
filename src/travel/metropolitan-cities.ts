/** A city with a code of its own for all its airports. `airports` stand in the order a traveller would try them. */
export type MetropolitanCity = { name: string; country: string; airports: readonly string[] }

/**
 * Metropolitan codes (IATA resolution 762) that are not at the same time an airport's. Where a city's code is also an airport's (IST,
 * BKK, SHA, DFW) the code means the airport, because that is what a ticket says; those are left out here. Secondary airports that the
 * trade sells under the city are listed although some lists leave them out (EWR for NYC, SEN for LON). Where a city opened a new airport
 * with a new code, the old code stays the city's (PNH, REP, TSE).
 */
export const METROPOLITAN_CITIES: Readonly<Record<string, MetropolitanCity>> = {
  ANK: { name: 'Ankara', country: 'TR', airports: ['ESB'] },
  BAK: { name: 'Baku', country: 'AZ', airports: ['GYD'] },
  BHZ: { name: 'Belo Horizonte', country: 'BR', airports: ['CNF'] },
  BJS: { name: 'Beijing', country: 'CN', airports: ['PEK', 'PKX'] },
  BUE: { name: 'Buenos Aires', country: 'AR', airports: ['EZE', 'AEP'] },
  BUH: { name: 'Bucharest', country: 'RO', airports: ['OTP', 'BBU'] },
  CAS: { name: 'Casablanca', country: 'MA', airports: ['CMN'] },
  CHI: { name: 'Chicago', country: 'US', airports: ['ORD', 'MDW'] },
  DKR: { name: 'Dakar', country: 'SN', airports: ['DSS'] },
  DTT: { name: 'Detroit', country: 'US', airports: ['DTW'] },
  EAP: { name: 'Basel Mulhouse Freiburg', country: 'FR', airports: ['BSL'] },
  FRU: { name: 'Bishkek', country: 'KG', airports: ['BSZ'] },
  IZM: { name: 'Izmir', country: 'TR', airports: ['ADB'] },
  JKT: { name: 'Jakarta', country: 'ID', airports: ['CGK', 'HLP'] },
  KIV: { name: 'Chisinau', country: 'MD', airports: ['RMO'] },
  LON: { name: 'London', country: 'GB', airports: ['LHR', 'LGW', 'STN', 'LTN', 'LCY', 'SEN'] },
  MIL: { name: 'Milan', country: 'IT', airports: ['MXP', 'LIN', 'BGY'] },
  MMA: { name: 'Malmö', country: 'SE', airports: ['MMX'] },
  MOW: { name: 'Moscow', country: 'RU', airports: ['SVO', 'DME', 'VKO', 'ZIA'] },
  NYC: { name: 'New York', country: 'US', airports: ['JFK', 'EWR', 'LGA'] },
  OSA: { name: 'Osaka', country: 'JP', airports: ['KIX', 'ITM', 'UKB'] },
  PAR: { name: 'Paris', country: 'FR', airports: ['CDG', 'ORY', 'BVA'] },
  PNH: { name: 'Phnom Penh', country: 'KH', airports: ['KTI'] },
  REK: { name: 'Reykjavik', country: 'IS', airports: ['KEF', 'RKV'] },
  REP: { name: 'Siem Reap', country: 'KH', airports: ['SAI'] },
  RIO: { name: 'Rio de Janeiro', country: 'BR', airports: ['GIG', 'SDU'] },
  ROM: { name: 'Rome', country: 'IT', airports: ['FCO', 'CIA'] },
  SAO: { name: 'São Paulo', country: 'BR', airports: ['GRU', 'CGH', 'VCP'] },
  SEL: { name: 'Seoul', country: 'KR', airports: ['ICN', 'GMP'] },
  SPK: { name: 'Sapporo', country: 'JP', airports: ['CTS', 'OKD'] },
  STO: { name: 'Stockholm', country: 'SE', airports: ['ARN', 'BMA', 'NYO', 'VST'] },
  TCI: { name: 'Tenerife', country: 'ES', airports: ['TFS', 'TFN'] },
  TSE: { name: 'Astana', country: 'KZ', airports: ['NQZ'] },
  TYO: { name: 'Tokyo', country: 'JP', airports: ['HND', 'NRT'] },
  ULN: { name: 'Ulaanbaatar', country: 'MN', airports: ['UBN'] },
  WAS: { name: 'Washington', country: 'US', airports: ['IAD', 'DCA', 'BWI'] },
  YEA: { name: 'Edmonton', country: 'CA', airports: ['YEG'] },
  YMQ: { name: 'Montreal', country: 'CA', airports: ['YUL', 'YHU'] },
  YTO: { name: 'Toronto', country: 'CA', airports: ['YYZ', 'YTZ', 'YHM'] },
}
