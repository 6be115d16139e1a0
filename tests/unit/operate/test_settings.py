"""Settings: safe when nothing is set, strict about mistakes, silent about secrets."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.errors import SettingsInvalid
from bridge.operate.secret import read_secret
from bridge.operate.settings import Settings, load_settings

Load = Callable[[str], Settings]

SITE = '[[sites]]\nid = "RefArch"\nsecrets = ["env:SECRET"]\n'


def destination(**changes: str) -> str:
    members = {
        "id": '"meta"',
        "platform": '"meta_capi"',
        "dataset": '"1234567890"',
        "token": '"env:TOKEN"',
    } | changes
    return "[[destinations]]\n" + "\n".join(f"{name} = {value}" for name, value in members.items())


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    def load_toml(text: str) -> Settings:
        path = tmp_path / "bridge.toml"
        path.write_text(text)
        monkeypatch.setenv("BRIDGE_CONFIG", str(path))
        return load_settings()

    return load_toml


def test_without_a_file_only_the_mock_on_this_machine_is_reached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("BRIDGE_CONFIG", raising=False)

    settings = load_settings()

    assert {one.platform for one in settings.destinations} == {"meta_capi", "google_data_manager"}
    assert {one.base_url for one in settings.destinations} == {"http://127.0.0.1:8090"}
    assert not any(one.live or one.reaches_real_platform for one in settings.destinations)


def test_destination_is_off_until_switched_on(load: Load) -> None:
    settings = load(SITE + destination(base_url='"http://mock.test"'))

    assert settings.enabled_destinations == ()


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        (destination(), "live = true"),
        (destination(live="true", base_url='"http://graph.facebook.com"'), "https"),
        (destination(live="true", token='"plain:x"'), "env: or file:"),
        (destination(live="true", datset='"1"'), "datset"),
        (destination(live="true", dataset='"abc"'), "dataset"),
        (destination(live="true", token='"EAAB-a-token"'), "never the secret"),
        (destination(live="true", platform='"myspace"'), "platform"),
        (destination(live="true", allowed_fields='["email"]'), "allowed_fields"),
        (destination(live="true", base_url='"graph.facebook.com"'), "URL"),
        (destination(live="true") + "\n" + destination(live="true"), "stands twice"),
        ('[[sites]]\nid = "a"\nsecrets = []', "secrets"),
        ('[[sites]]\nid = "a"\nsecrets = ["env:A"]\nevent_id = "fixed"', "{order_no}"),
        ('[[sites]]\nid = "a"\nsecrets = ["env:A"]\nevent_id = "{x.__class__}"', "{order_no}"),
        ("[hook]\nport = 0", "hook.port"),
        (
            '[[sites]]\nid = "a"\nsecrets = ["plain:x"]\n' + destination(live="true"),
            "env: or file:",
        ),
        (destination(live="true", routes='{ countries = ["us"] }'), "countries"),
        (destination(live="true", routes='{ currencies = ["usd"] }'), "currencies"),
        (destination(live="true", consent="{ regions = { EU = {} } }"), "EEA"),
        (destination(live="true", consent="{ regions = { US-WA = {} } }"), "US-CA"),
        (
            destination(live="true", consent="{ regions = { DE = { ads = {} } } }"),
            "ad_personalization",
        ),
        (
            destination(
                live="true",
                consent='{ regions = { DE = { ad_user_data = { denied = "limit" } } } }',
            ),
            'write "skip"',
        ),
        (destination(live="true", consent="{ required = [] }"), 'consent.regions."*"]'),
        (destination(live="true", consent='{ unknown_denied_in = ["DE"] }'), "regions.XX]"),
        (destination(live="true", consent='{ unknown_region = "granted" }'), "regions.unknown]"),
        ("[sender]\nlease = 20\n" + destination(live="true"), "sender.lease"),
        ('database_url = "postgresql://bridge@db/bridge"', "encryption_keys"),
        ('database_password = "canary"', "never the secret"),
        ("not toml", "TOML"),
    ],
)
def test_a_mistake_is_named_with_what_to_write(load: Load, toml: str, says: str) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        load(toml)

    assert says in str(caught.value)
    assert "EAAB-a-token" not in str(caught.value)


def test_missing_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BRIDGE_CONFIG", str(tmp_path / "absent.toml"))

    with pytest.raises(SettingsInvalid, match="BRIDGE_CONFIG"):
        load_settings()


def test_variables_win_over_the_file(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIDGE_HOOK__PORT", "9999")

    settings = load("[hook]\nport = 8081")

    assert settings.hook.port == 9999


def test_misspelt_variable_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BRIDGE_CONFIG", raising=False)
    monkeypatch.setenv("BRIDGE_DATADIR", "elsewhere")

    with pytest.raises(SettingsInvalid, match="BRIDGE_DATADIR"):
        load_settings()


def test_variable_that_holds_a_secret_may_have_any_name(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIDGE_SECRET_SHOP", "x")

    assert load('[[sites]]\nid = "Shop"\nsecrets = ["env:BRIDGE_SECRET_SHOP"]').sites


def test_secrets_come_from_variables_and_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("A_SECRET", " from-env\n")
    (tmp_path / "secret").write_text("from-file\n")

    assert read_secret("env:A_SECRET") == "from-env"
    assert read_secret(f"file:{tmp_path / 'secret'}") == "from-file"


@pytest.mark.parametrize("reference", ["env:NOT_SET_ANYWHERE", "file:/does/not/exist"])
def test_missing_secret_is_named_by_where_it_should_be(reference: str) -> None:
    with pytest.raises(SettingsInvalid, match=reference):
        read_secret(reference)


@pytest.mark.parametrize(("days", "kept"), [(365, 365), (30, 69)])
def test_orders_are_kept_at_least_as_long_as_a_platform_takes_them(
    load: Load, days: int, kept: int
) -> None:
    settings = load(f"retention_days = {days}\n" + destination(live="true"))

    assert settings.kept_for.days == kept  # Meta: 62 days for stores, 7 for what adjusts
