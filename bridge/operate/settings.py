"""Settings: `bridge.toml` (its path in BRIDGE_CONFIG), then BRIDGE_... variables over it.

With no file the bridge runs alone on one machine: SQLite in ./var, two demo sites that sign with a
secret made at first start, and both platforms at the mock on this machine.
"""

import os
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bridge.errors import SettingsInvalid
from bridge.operate.destinations import Site, Strict
from bridge.operate.embedded import demo_sites, mock_destinations
from bridge.operate.google_ads_destination import GoogleAdsDestination
from bridge.operate.google_destination import GoogleDestination
from bridge.operate.meta_destination import MetaDestination
from bridge.operate.secret import SecretReference

AnyDestination = Annotated[
    MetaDestination | GoogleDestination | GoogleAdsDestination, Field(discriminator="platform")
]


class Hook(Strict):
    """Where and how the hook listens. Sizes in bytes, times in seconds."""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=1, le=65535)
    threads: int = Field(default=16, ge=1, le=256)
    signature_tolerance: int = Field(default=300, ge=1, le=3600)
    max_body: int = Field(default=1024 * 1024, ge=1024)
    max_batch_body: int = Field(default=16 * 1024 * 1024, ge=1024)
    max_batch_orders: int = Field(default=500, ge=1, le=500)
    max_waiting_orders: int = Field(default=2000, ge=1)
    store_timeout: float = Field(default=2, gt=0)
    shed_after: float = Field(default=0.5, gt=0)

    @property
    def lock_timeout(self) -> float:
        """How long a transaction may wait for a lock: its callers are to hear why it failed."""
        return self.store_timeout / 2


class Sender(Strict):
    """How the sender works. Times in seconds."""

    lease: int = Field(default=120, ge=5)
    idle_wait: float = Field(default=0.5, gt=0)
    retry_base: float = Field(default=2, gt=0)
    retry_cap: float = Field(default=900, gt=0)
    pause_base: float = Field(default=30, gt=0)
    pause_cap: float = Field(default=900, gt=0)
    max_crashes: int = Field(default=10, ge=1)
    max_unrecognised: int = Field(default=8, ge=1)
    future_skew: int = Field(default=30, ge=0)


TRACEBACK = "BRIDGE_TRACEBACK"
"""Set, an error nobody expected is shown whole; it may hold what an order holds."""

NO_SETTINGS = frozenset({"BRIDGE_CONFIG", "BRIDGE_SITE_SECRET", TRACEBACK})
"""Variables of the name's pattern that mean something else; the load tools read the second."""


class Settings(BaseSettings):
    """Everything that can be set, checked once at the start and never changed afterwards."""

    model_config = SettingsConfigDict(
        env_prefix="BRIDGE_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    data_dir: Path = Path("var")
    database_url: str = ""
    database_password: SecretReference | None = None
    database_connections: int = Field(default=10, ge=2, le=200)
    encryption_keys: tuple[SecretReference, ...] = ()
    retention_days: int = Field(default=365, ge=1)
    hook: Hook = Hook()
    sender: Sender = Sender()
    sites: tuple[Site, ...] = ()
    destinations: tuple[AnyDestination, ...] = ()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let variables win over the file, and the file over the defaults."""
        del dotenv_settings, file_secret_settings
        config = os.environ.get("BRIDGE_CONFIG")
        toml = (TomlConfigSettingsSource(settings_cls, config),) if config else ()
        return init_settings, env_settings, *toml

    @model_validator(mode="after")
    def _names_are_unique(self) -> "Settings":
        for what, names in (
            ("sites", [site.id for site in self.sites]),
            ("destinations", [destination.id for destination in self.destinations]),
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"{what}: the id {', '.join(twice)} stands twice")
        return self

    @model_validator(mode="after")
    def _no_plain_secret_beside_a_live_destination(self) -> "Settings":
        plain = [s.id for s in self.sites if any(x.startswith("plain:") for x in s.secrets)]
        if plain and any(one.live for one in self.destinations):
            raise ValueError(
                f"sites.secrets of {', '.join(plain)}: beside a live destination they come from"
                " env: or file:"
            )
        return self

    @model_validator(mode="after")
    def _leases_outlast_requests(self) -> "Settings":
        for destination in self.destinations:
            if destination.timeout_seconds >= self.sender.lease:
                raise ValueError(
                    f"sender.lease must be longer than timeout_seconds of {destination.id}:"
                    " another sender would take what is still being sent"
                )
        return self

    @model_validator(mode="after")
    def _machines_share_their_keys(self) -> "Settings":
        if self.shares_database and not self.encryption_keys:
            raise ValueError(
                "encryption_keys: set them beside PostgreSQL, or what one machine stores no other"
                " can open"
            )
        return self

    @property
    def database(self) -> str:
        """The database's URL; SQLite in data_dir unless set."""
        return self.database_url or f"sqlite:///{self.data_dir / 'bridge.sqlite3'}"

    @property
    def shares_database(self) -> bool:
        """Whether other machines may work on the same database: it is PostgreSQL."""
        return self.database.startswith(("postgresql:", "postgres:"))

    @property
    def key_file(self) -> Path:
        """Where the encryption key is kept when no encryption_keys are set."""
        return self.data_dir / "encryption.key"

    @property
    def hook_lock(self) -> Path:
        """What the one hook of a SQLite database holds."""
        return self.data_dir / "hook.lock"

    @property
    def is_embedded(self) -> bool:
        """Whether the bridge runs without a settings file, for trying out on one machine."""
        return not os.environ.get("BRIDGE_CONFIG")

    @property
    def site_secret_file(self) -> Path:
        """Where the demo sites' secret is kept; made at first start."""
        return self.data_dir / "site.secret"

    @property
    def future_skew(self) -> timedelta:
        """How far ahead of ours a storefront's clock may run before its order has to wait."""
        return timedelta(seconds=self.sender.future_skew)

    @property
    def kept_for(self) -> timedelta:
        """How long orders are kept: never shorter than a platform's window, or one counts twice."""
        windows = (one.window_days for one in self.destinations)
        return timedelta(days=max(self.retention_days, *windows, 1))

    @property
    def ground(self) -> dict[str, object]:
        """What a running process stands on: a reload cannot change it, a restart can."""
        return {
            "data_dir": self.data_dir,
            "database_url": self.database_url,
            "hook.host": self.hook.host,
            "hook.port": self.hook.port,
            "hook.threads": self.hook.threads,
        }

    @property
    def enabled_destinations(self) -> tuple[AnyDestination, ...]:
        """The destinations that are switched on."""
        return tuple(destination for destination in self.destinations if destination.enabled)

    def site(self, site_id: str) -> Site | None:
        """Answer the enabled site of that id, if there is one."""
        return next((site for site in self.sites if site.id == site_id and site.enabled), None)


def load_settings() -> Settings:
    """Read file and variables.

    Raises:
        SettingsInvalid: one line a mistake, each naming the setting and what to write.
    """
    config = os.environ.get("BRIDGE_CONFIG")
    if config and not Path(config).is_file():
        raise SettingsInvalid("BRIDGE_CONFIG names no file: write the path of a bridge.toml")
    try:
        settings = Settings()
    except ValidationError as error:
        raise SettingsInvalid(_explain(error)) from None
    except (OSError, tomllib.TOMLDecodeError):
        raise SettingsInvalid("BRIDGE_CONFIG: the file is not readable TOML") from None
    _refuse_unknown_variables(settings)
    return with_embedded_defaults(settings) if settings.is_embedded else settings


def _refuse_unknown_variables(settings: Settings) -> None:
    """A misspelt variable must not leave a setting as it was in silence."""
    references = [secret for site in settings.sites for secret in site.secrets]
    references += [one.secret for one in settings.destinations]
    references += settings.encryption_keys
    references += [settings.database_password or ""]
    known = NO_SETTINGS | {reference.removeprefix("env:") for reference in references}
    for name in os.environ.keys() - known:
        member = name.removeprefix("BRIDGE_").partition("__")[0].lower()
        if name.startswith("BRIDGE_") and member not in Settings.model_fields:
            raise SettingsInvalid(f"{name} is no setting: see docs/settings.md for their names")


def with_embedded_defaults(settings: Settings) -> Settings:
    """Add the demo sites and the mock destinations where none are set."""
    demo = {
        "sites": demo_sites(settings.site_secret_file),
        "destinations": mock_destinations(),
    }
    missing = {name: value for name, value in demo.items() if not getattr(settings, name)}
    return settings.model_copy(update=missing)


def _explain(error: ValidationError) -> str:
    return "\n".join(
        f"{'.'.join(str(part) for part in item['loc']) or 'settings'}: {item['msg']}"
        for item in error.errors(include_url=False, include_input=False, include_context=False)
    )
