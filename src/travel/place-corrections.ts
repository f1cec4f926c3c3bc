/**
 * What we know better than the packages the place table is derived from (commands/derive-places.ts). Each entry was checked against a
 * second source and stands until the package has it right; docs/decisions/2026-11-21-reference-data.md tells how they were found.
 */
export type PlaceCorrection = {
  name?: string
  city?: string
  country?: string
  timeZone?: string
  position?: readonly [latitude: number, longitude: number]
}

/** Corrections by IATA airport code. */
export const PLACE_CORRECTIONS: Readonly<Record<string, PlaceCorrection>> = {
  ...each('city', {
    ACE: 'Lanzarote',
    BKO: 'Bamako',
    BSL: 'Basel',
    BEG: 'Belgrade',
    BSZ: 'Bishkek',
    BTH: 'Batam',
    BZX: 'Bazhong',
    CEB: 'Cebu',
    CIA: 'Rome',
    CJU: 'Jeju',
    CNN: 'Kannur',
    COV: 'Adana',
    CTS: 'Sapporo',
    DMM: 'Dammam',
    DPS: 'Denpasar-Bali',
    DSS: 'Dakar',
    DWC: 'Dubai',
    EBL: 'Erbil',
    EHU: 'Ezhou',
    ETM: 'Eilat',
    EZE: 'Buenos Aires',
    FLR: 'Florence',
    FRA: 'Frankfurt',
    FUE: 'Fuerteventura',
    GCM: 'George Town',
    GOA: 'Genoa',
    GOI: 'Goa',
    GOX: 'Goa',
    GRU: 'São Paulo',
    GSV: 'Saratov',
    HRI: 'Hambantota',
    JHB: 'Johor Bahru',
    JNB: 'Johannesburg',
    JOG: 'Yogyakarta',
    KBP: 'Kyiv',
    KHH: 'Kaohsiung',
    KJT: 'Bandung',
    KRS: 'Kristiansand',
    KWI: 'Kuwait City',
    KWL: 'Guilin',
    LCA: 'Larnaca',
    LHW: 'Lanzhou',
    LIM: 'Lima',
    LPA: 'Gran Canaria',
    MAH: 'Menorca',
    MDE: 'Medellín',
    MFM: 'Macau',
    MLA: 'Malta',
    MPH: 'Caticlan',
    NAP: 'Naples',
    NGO: 'Nagoya',
    NLU: 'Mexico City',
    NTL: 'Newcastle',
    PBM: 'Paramaribo',
    PDG: 'Padang',
    PKX: 'Beijing',
    PKY: 'Palangkaraya',
    PLS: 'Providenciales',
    PLW: 'Palu',
    PQC: 'Phu Quoc',
    PTP: 'Pointe-à-Pitre',
    PTY: 'Panama City',
    REC: 'Recife',
    RUN: 'Saint-Denis',
    SAL: 'San Salvador',
    SAP: 'San Pedro Sula',
    SEZ: 'Mahé',
    SHO: 'Manzini',
    SVQ: 'Seville',
    SZB: 'Kuala Lumpur',
    TFN: 'Tenerife',
    TFS: 'Tenerife',
    TFU: 'Chengdu',
    TKG: 'Bandar Lampung',
    TRF: 'Sandefjord',
    TRN: 'Turin',
    TSA: 'Taipei',
    TTE: 'Ternate',
    UBN: 'Ulaanbaatar',
    UPG: 'Makassar',
    USM: 'Koh Samui',
    VCE: 'Venice',
    VNS: 'Varanasi',
    YQB: 'Quebec City',
    ZNZ: 'Zanzibar',
    XIY: "Xi'an",
    CGH: 'São Paulo',
    RMQ: 'Taichung',
    TAG: 'Panglao',
    TQO: 'Tulum',
    BRW: 'Utqiagvik',
    AUA: 'Oranjestad',
    CAS: 'Casablanca',
    MWX: 'Muan',
    IEV: 'Kyiv',
  }),
  // Wrong by a zone or more in the package; Xinjiang's schedules are published in Beijing time.
  ...each('timeZone', {
    PSC: 'America/Los_Angeles',
    MLG: 'Asia/Jakarta',
    NPO: 'Asia/Pontianak',
    PSU: 'Asia/Pontianak',
    TJG: 'Asia/Makassar',
    STM: 'America/Santarem',
    TMT: 'America/Santarem',
    BAX: 'Asia/Barnaul',
    TOF: 'Asia/Tomsk',
    ULK: 'Asia/Yakutsk',
    OVS: 'Asia/Yekaterinburg',
    HVD: 'Asia/Hovd',
    ULG: 'Asia/Hovd',
    ULO: 'Asia/Hovd',
    BWT: 'Australia/Hobart',
    PUQ: 'America/Punta_Arenas',
    MXB: 'Asia/Makassar',
    NIU: 'Pacific/Tahiti',
    IBB: 'Pacific/Galapagos',
    KIE: 'Pacific/Bougainville',
    ZRJ: 'America/Winnipeg',
    XMY: 'Australia/Brisbane',
    AAT: 'Asia/Shanghai',
    IQM: 'Asia/Shanghai',
    TLQ: 'Asia/Shanghai',
    HQL: 'Asia/Shanghai',
    TCG: 'Asia/Shanghai',
    ZFL: 'Asia/Shanghai',
  }),
  // Placed more than 55 km off in the package.
  ...each('position', {
    AOG: [41.1053, 122.854],
    BDT: [4.2532, 20.9753],
    CWS: [48.4901, -122.8321],
    FGU: [-15.8199, -140.887],
    IEG: [52.1385, 15.7986],
    JLR: [23.1778, 80.052],
    KGE: [-7.333, 157.583],
    LGL: [3.421, 115.154],
    LKB: [-18.1992, -178.817],
    MBT: [12.3694, 123.629],
    NTT: [-15.9773, -173.791],
    PAB: [21.9884, 82.111],
    PTZ: [-1.5052, -78.0627],
    RUS: [-9.8617, 160.825],
    RVV: [-23.8852, -147.662],
    SCZ: [-10.7203, 165.795],
    SKH: [28.586, 81.636],
    SST: [-36.5423, -56.7218],
    TKP: [-14.7095, -145.246],
    UNI: [12.6001, -61.412],
    WJR: [1.7332, 40.0916],
    XMY: [-9.9011, 142.776],
    YAX: [53.8492, -89.5794],
    YIK: [62.4173, -77.9253],
    YKL: [54.8053, -66.8053],
    YNS: [51.6911, -76.1356],
    ZPC: [-39.2928, -71.9159],
  }),
  KCA: { timeZone: 'Asia/Shanghai', position: [41.7181, 82.9869] },
  // New airports whose code the package still gives to a former holder.
  JNH: { name: 'Jiaxing Nanhu Airport', city: 'Jiaxing', country: 'CN', timeZone: 'Asia/Shanghai', position: [30.6981, 120.6631] },
  KTI: { name: 'Techo International Airport', city: 'Phnom Penh', position: [11.3629, 104.9166] },
  PHH: {
    name: 'Pokhara International Airport',
    city: 'Pokhara',
    country: 'NP',
    timeZone: 'Asia/Kathmandu',
    position: [28.1838, 84.0147],
  },
}

/** Codes of the package that are no airport one can fly to: doubles, reassigned codes, records at a wrong place. */
export const NOT_AIRPORTS: ReadonlySet<string> = new Set('ALY BLP CMP CSL CTQ GMS GOY HBT IHA ITI LHB LHS MCR MTG QXC TCV TUJ'.split(' '))

/** The airports with most passengers (ACI world rankings, 2019–2024), which a person who types three letters most likely means. */
export const BUSIEST_AIRPORTS: ReadonlySet<string> = new Set(
  `
  ATL DFW DEN ORD LAX JFK LAS MCO MIA CLT SEA PHX EWR SFO IAH BOS MSP DTW FLL LGA PHL SLC DCA SAN BWI IAD TPA BNA AUS HNL MDW DAL
  PDX YYZ YVR YUL YYC MEX CUN GDL MTY PTY BOG LIM SCL GRU CGH GIG BSB CNF EZE AEP UIO SJO HAV SJU PUJ LHR LGW STN MAN EDI LTN BHX
  GLA BRS LCY DUB CDG ORY NCE LYS MRS TLS AMS BRU FRA MUC BER DUS HAM STR CGN ZRH GVA VIE MAD BCN PMI AGP ALC LPA TFS LIS OPO FCO
  MXP BGY LIN VCE NAP BLQ CTA ATH SKG HER CPH ARN OSL HEL BGO GOT KEF WAW KRK GDN PRG BUD OTP SOF BEG ZAG RIX VNO TLL KBP SVO DME
  VKO LED IST SAW AYT ESB ADB TLV AMM BEY CAI HRG CMN RAK ALG TUN ADD NBO JNB CPT DUR LOS ABV ACC DSS DAR EBB KGL MRU DXB AUH DOH
  JED RUH DMM MED KWI BAH MCT SHJ IKA BGW DEL BOM BLR HYD MAA CCU COK AMD PNQ GOI KTM CMB DAC KHI LHE ISB MLE TAS ALA NQZ GYD TBS
  EVN BKK DMK HKT CNX USM KUL PEN BKI KCH SIN CGK DPS SUB UPG KNO YIA BPN LOP SRG MNL CEB DVO SGN HAN DAD CXR PQC RGN VTE KTI SAI
  HKG MFM TPE KHH TSA PEK PKX PVG SHA CAN SZX CTU TFU CKG KMG XIY HGH NKG WUH XMN TAO SYX HAK URC CSX ICN GMP CJU PUS HND NRT KIX
  ITM CTS FUK OKA NGO SYD MEL BNE PER ADL OOL CNS AKL CHC WLG ZQN NAN PPT GUM
  `
    .trim()
    .split(/\s+/u),
)

function each<Field extends keyof PlaceCorrection>(
  field: Field,
  values: Record<string, NonNullable<PlaceCorrection[Field]>>,
): Record<string, PlaceCorrection> {
  return Object.fromEntries(Object.entries(values).map(([code, value]) => [code, { [field]: value }]))
}
