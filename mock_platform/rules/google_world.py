"""What a workspace can be told about the Google it plays: accounts, actions, clicks, windows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

ANY_ACCOUNT = "*"


class ActionType(StrEnum):
    """Where a conversion action takes its conversions from."""

    UPLOAD_CLICKS = "UPLOAD_CLICKS"
    WEBPAGE = "WEBPAGE"
    STORE_SALES = "STORE_SALES"
    SALESFORCE = "SALESFORCE"
    UPLOAD_CALLS = "UPLOAD_CALLS"
    AD_CALL = "AD_CALL"


class UnknownClicks(StrEnum):
    """What becomes of a click id the workspace was not told of."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One conversion action. Without a type it takes whatever is sent.

    Attributes:
        created_at: seconds since the epoch; it takes nothing in its first 6 hours.
        one_per_click: counts one conversion a click, and then refuses gbraid and wbraid.
        default_value: always counts its own value, so that none can be restated.
        external_attribution: needs external attribution data, which only Google Ads takes.
    """

    type: ActionType | None = None
    created_at: float | None = None
    one_per_click: bool = False
    default_value: bool = False
    external_attribution: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """One ad click: when, and on whose ad (None: on the ad of whoever asks)."""

    at: float
    customer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleWorld:
    """One workspace's Google. What is marked (unverified) nobody has published.

    Attributes:
        processing_delay_seconds: how long the Data Manager takes to process a request.
        record_indices: whether a request's status names the records behind each count.
        status_days: how long a request's status can be retrieved.
        google_max_age_days: how old an event may be (unverified).
        google_refuse_old: whether an older event is refused at once, in place of an error in
            processing (unverified).
        google_future_tolerance_seconds: how far ahead an event may lie (unverified).
        google_consent_required: whether an event without consent is an error (unverified; the
            platform asks it for people in the EEA, whom the mock cannot tell).
        google_accounts: account id, or `*`, -> the problems it has, by the platform's names.
        google_actions: when given, every other conversion action is unknown.
        google_clicks: click id -> the click; those not named are taken for a fitting one.
        google_unknown_clicks: whether a click id not named is refused instead.
        google_custom_variables: when given, name -> its allowed values, or none for any.
        click_window_days: how long after a click a conversion is counted (unverified).
        adjustment_wait_seconds: how old a conversion must be to be adjusted in Google Ads
            (unverified: documented as 24 hours and as no longer asked).
        adjustments_max: how often one conversion may be adjusted in Google Ads (unverified).
        token_error: the error /token answers with, such as invalid_grant.
        token_seconds: how long an issued token lives.
        strict_tokens: whether only issued and accepted tokens are good.
        narrow_tokens: tokens without the scope an API asks for; kept as fingerprints.
        service_disabled: whether the project has not enabled the API.
    """

    processing_delay_seconds: float = 1800
    record_indices: bool = True
    status_days: float = 50
    google_max_age_days: float = 90
    google_refuse_old: bool = False
    google_future_tolerance_seconds: float = 60
    google_consent_required: bool = False
    google_accounts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    google_actions: Mapping[str, Action] | None = None
    google_clicks: Mapping[str, Click] = field(default_factory=dict)
    google_unknown_clicks: UnknownClicks = UnknownClicks.ACCEPTED
    google_custom_variables: Mapping[str, tuple[str, ...]] | None = None
    click_window_days: float = 90
    adjustment_wait_seconds: float = 0
    adjustments_max: int = 10
    token_error: str | None = None
    token_seconds: int = 3599
    strict_tokens: bool = False
    narrow_tokens: tuple[str, ...] = ()
    service_disabled: bool = False

    def action(self, action_id: str) -> Action | None:
        """The conversion action; None when there is none with this id."""
        if self.google_actions is None:
            return Action()
        return self.google_actions.get(action_id)

    def problems(self, account: str) -> frozenset[str]:
        """What is wrong with an account, by the platform's names."""
        named = self.google_accounts.get(account, ())
        return frozenset((*named, *self.google_accounts.get(ANY_ACCOUNT, ())))
