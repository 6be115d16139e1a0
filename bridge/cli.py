"""The `bridge` command."""

import click

from bridge.commands.letters import dead
from bridge.commands.looking import audit, status
from bridge.commands.running import migrate, serve, up, work
from bridge.commands.trying import hash_command, preview


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="sfcc-conversions-bridge")
def main() -> None:
    """Send confirmed Salesforce Commerce Cloud orders to Meta as conversions, each exactly once.

    First steps:  mock-platform serve  |  bridge up  |  mock-platform orders --count 10 --to URL

    Settings come from the TOML file in BRIDGE_CONFIG, then from BRIDGE_... variables.
    """


for command in (up, serve, work, migrate, preview, hash_command, status, dead, audit):
    main.add_command(command)
