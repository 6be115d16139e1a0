"""Currency codes Meta takes for a value (documents: custom-data, currency)."""

# ISO 4217 codes in circulation. MRU is left out: the platform has been seen to refuse it
# although ISO lists it.
_CODES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD
CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT
LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD
OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN
SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF
YER ZAR ZMW ZWL
"""
CURRENCIES = frozenset(_CODES.split())
# ISO 4217's minor units; two where nothing is said.
_DECIMALS = dict.fromkeys(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), 0
) | dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3)
_USUAL_DECIMALS = 2


def is_currency(value: str) -> bool:
    """Whether `value`, in any case, is a currency the platform takes."""
    return value.upper() in CURRENCIES


def exponent(currency: str) -> int:
    """How many decimals an amount in `currency` has."""
    return _DECIMALS.get(currency.upper(), _USUAL_DECIMALS)
