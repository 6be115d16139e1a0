"""Google's rules for an event, as tables; references are to the Data Manager API reference."""

from bridge.order.model import Channel, ConsentState

EVENT_SOURCES: dict[Channel, str] = {  # Event, eventSource
    Channel.STOREFRONT: "WEB",
    Channel.APP: "APP",
    Channel.STORE: "IN_STORE",
    Channel.DSS: "IN_STORE",
    Channel.CALL_CENTER: "PHONE",
    Channel.CUSTOMER_SERVICE_CENTER: "PHONE",
    Channel.WHATSAPP: "MESSAGE",
    Channel.SUBSCRIPTION: "OTHER",
    Channel.MARKETPLACE: "OTHER",
    Channel.SOCIAL: "OTHER",
    Channel.OTHER: "OTHER",
}

CONSENTS: dict[ConsentState, str] = {  # Consent; never asked is left unsaid
    ConsentState.GRANTED: "CONSENT_GRANTED",
    ConsentState.DENIED: "CONSENT_DENIED",
}

CUSTOMER_TYPES: dict[bool, str] = {True: "NEW", False: "RETURNING"}  # UserProperties, customerType

OWN_DEVICE = frozenset({Channel.STOREFRONT, Channel.APP})
"""Where the device is the shopper's own, not an agent's or a till's."""
