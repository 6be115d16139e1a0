"""Settings of the rig's SFCC instance: what Business Manager holds on a real one."""

from typing import Any

PATIENT = 20_000  # milliseconds: no test depends on how fast a machine is
REALTIME, JOB = "conversionbridge.realtime", "conversionbridge.job"


def services(url: str | None, secret: str, **settings: object) -> dict[str, Any]:
    """Both services of the core cartridge at one address; `settings` as in runtime/services.js."""
    service = {"url": url, "password": secret, "timeout": PATIENT} | settings
    return {REALTIME: service, JOB: service}


def switched_on(url: str | None, secret: str, **preferences: object) -> dict[str, Any]:
    """For `rig/world` `change`: enabled, with time enough, and as told otherwise."""
    standard = {"cbEnabled": True, "cbTimeoutMs": 5000}
    return {"preferences": standard | preferences, "services": services(url, secret)}
