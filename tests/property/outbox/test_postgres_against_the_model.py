"""The same model against the store on PostgreSQL."""

from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy import Engine

from bridge.outbox.database import open_database

from .test_store_against_a_model import StoreMachine


class PostgresMachine(StoreMachine):
    server: Any  # tests.postgres's; set by the test's fixture
    template: str

    def open(self) -> Engine:
        self.database = self.server.create_database(self.template)
        return open_database(self.server.url(self.database))

    def close(self) -> None:
        self.server.drop_database(self.database)


class TestStoreOnPostgres(PostgresMachine.TestCase):  # type: ignore[misc,valid-type]  # made by hypothesis
    @pytest.fixture(autouse=True)
    def _server(self, postgres: Any, migrated_template: str) -> None:
        PostgresMachine.server, PostgresMachine.template = postgres, migrated_template


TestStoreOnPostgres.settings = settings(max_examples=20, stateful_step_count=40, deadline=None)
