"""Our table of Google Ads' errors against Google's own enums."""

import pytest
from google.ads.googleads.v26.errors.types.errors import ErrorCode

from bridge.delivery.google_ads_errors import ERRORS, Rule


@pytest.mark.parametrize("rule", ERRORS, ids=lambda rule: f"{rule.category}-{rule.name}")
def test_every_row_of_the_table_is_an_error_of_googles(rule: Rule) -> None:
    name = "".join(f"_{each.lower()}" if each.isupper() else each for each in rule.category)
    category = ErrorCode.pb(ErrorCode()).DESCRIPTOR.fields_by_name[name]

    assert rule.name is None or rule.name in category.enum_type.values_by_name
