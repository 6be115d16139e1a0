"""Token, version and dataset: what is refused before any parameter is read."""

from mock_platform.meta.errors import ERRORS, GraphError
from mock_platform.meta.request import GraphCall
from mock_platform.rules.graph_versions import is_released, is_served
from mock_platform.setting_readers import fingerprint
from mock_platform.settings import Settings


def access_problem(call: GraphCall, settings: Settings, now: float) -> GraphError | None:
    """Why a call to a dataset is refused: version, then token, then the dataset."""
    return (
        version_problem(call.version, settings, now)
        or token_problem(call.token, settings)
        or dataset_problem(call.dataset, settings)
    )


def version_problem(version: str, settings: Settings, now: float) -> GraphError | None:
    """Whether there is no such version, or it is served no more by the calendar or a setting."""
    if not is_released(version):
        return ERRORS["unknown_path"]
    served = is_served(version, now) and version not in settings.expired_versions
    return None if served else ERRORS["version_expired"]


def token_problem(token: str | None, settings: Settings) -> GraphError | None:
    """Whether the token is missing, expired or invalid; by default every token is good."""
    if token is None:
        return ERRORS["token_missing"]
    kept = fingerprint(token)
    if kept in settings.expired_tokens:
        return ERRORS["token_expired"]
    refused = settings.accepted_tokens is not None and kept not in settings.accepted_tokens
    return ERRORS["token_invalid"] if refused or kept in settings.invalid_tokens else None


def dataset_problem(dataset: str, settings: Settings) -> GraphError | None:
    """Whether the id is none, or belongs to no known dataset; by default every id is known."""
    if not (dataset.isascii() and dataset.isdigit()):
        return ERRORS["unknown_alias"]
    if settings.known_datasets is not None and dataset not in settings.known_datasets:
        return ERRORS["unknown_object"]
    return None
