"""The contract as a gate: through it, or refused with every violation."""

from dataclasses import asdict
from typing import Any, TypeAlias

from bridge.errors import ContractViolated, SiteMismatch
from bridge.intake.contract import ContractWarning, check

Admitted: TypeAlias = tuple[dict[str, Any], tuple[ContractWarning, ...]]
"""The members of an order that keeps the contract, and the warnings about them."""


def admit(raw: object, site_id: str) -> Admitted:
    """Let an order of the site in.

    Raises:
        ContractViolated: with every violation. SiteMismatch: the order is another site's.
    """
    checked = check(raw)
    if checked.violations or not isinstance(raw, dict):
        raise ContractViolated([asdict(violation) for violation in checked.violations])
    if raw["site_id"] != site_id:
        raise SiteMismatch("$.site_id must equal the bridge-site header of the call.")
    return raw, checked.warnings
