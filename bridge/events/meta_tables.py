"""Meta's rules for a server event, as tables; references are to the Conversions API pages."""

from enum import StrEnum

from bridge.order.model import Channel, Fulfilment, Kind


class ActionSource(StrEnum):
    """Where the conversion happened (Server event parameters, action_source)."""

    WEBSITE = "website"
    APP = "app"
    PHONE_CALL = "phone_call"
    CHAT = "chat"
    PHYSICAL_STORE = "physical_store"
    SYSTEM_GENERATED = "system_generated"
    BUSINESS_MESSAGING = "business_messaging"
    OTHER = "other"


ACTION_SOURCES: dict[Channel, ActionSource] = {
    Channel.STOREFRONT: ActionSource.WEBSITE,
    Channel.STORE: ActionSource.PHYSICAL_STORE,
    Channel.DSS: ActionSource.PHYSICAL_STORE,
    Channel.CALL_CENTER: ActionSource.PHONE_CALL,
    Channel.CUSTOMER_SERVICE_CENTER: ActionSource.PHONE_CALL,
    Channel.APP: ActionSource.APP,
    Channel.WHATSAPP: ActionSource.CHAT,  # business_messaging when a click to WhatsApp is known
    Channel.SUBSCRIPTION: ActionSource.SYSTEM_GENERATED,  # renewals: nobody was on a page
    Channel.MARKETPLACE: ActionSource.OTHER,
    Channel.SOCIAL: ActionSource.OTHER,
    Channel.OTHER: ActionSource.OTHER,
}

EVENT_NAMES: dict[Kind, str] = {  # Standard events
    Kind.ORDER: "Purchase",
    Kind.LEAD: "Lead",
    Kind.REGISTRATION: "CompleteRegistration",
}

DELIVERY_CATEGORIES: dict[Fulfilment, str] = {  # Custom data parameters, contents.delivery_category
    Fulfilment.HOME_DELIVERY: "home_delivery",
    Fulfilment.IN_STORE: "in_store",
    Fulfilment.CURBSIDE: "curbside",
}

TOO_WEAK: tuple[frozenset[str], ...] = (  # Customer information parameters, invalid combinations
    frozenset({"ct", "country", "st", "zp", "ge", "client_user_agent"}),
    frozenset({"db", "client_user_agent"}),
    frozenset({"fn", "ge"}),
    frozenset({"ln", "ge"}),
)

SEGMENTS: dict[bool, str] = {  # Custom data parameters, customer_segmentation
    True: "new_customer_to_business",
    False: "existing_customer_to_business",
}

BROWSER_CHANNELS = frozenset({Channel.STOREFRONT, Channel.APP})
"""Where the browser or device is the shopper's own, not an agent's or a till's."""

IN_THE_USA = 1
"""Data processing options, country."""
