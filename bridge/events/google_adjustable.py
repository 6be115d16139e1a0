"""Whether Google can still correct a conversion."""

from datetime import timedelta

from bridge.events.event import Pseudonym
from bridge.operate.google_ads_destination import GoogleAdsDestination
from bridge.operate.google_destination import GoogleDestination
from bridge.order.eligibility import SkipReason


def cannot_adjust(
    who: Pseudonym, destination: GoogleDestination | GoogleAdsDestination
) -> SkipReason | None:
    """Answer why what adjusts an order is not sent; None for it may be, and for an order itself.

    Google Ads API: ConversionAdjustmentUploadError, CONVERSION_EXPIRED: 54 days. The Data Manager
    API tells no limit of its own; the event's age has one.
    """
    if who.adjusting is None or who.at is None:
        return None
    if who.at - who.facts.placed_at >= timedelta(days=destination.adjustable_days):
        return SkipReason.TOO_OLD
    own, current = who.adjusting.currency, who.purchase.current.currency
    differs = not who.adjusting.replaces and own is not None and own != current
    return SkipReason.CURRENCY_DIFFERS if differs else None
