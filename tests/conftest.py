"""Fixtures for every test."""

pytest_plugins = ["mock_platform.pytest_plugin"]
