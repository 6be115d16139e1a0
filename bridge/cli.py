"""The `bridge` command. Each command's module is loaded when it is asked for, to start fast."""

from importlib import import_module

import click

COMMANDS: dict[str, str] = {  # command -> module and attribute
    "up": "bridge.commands.running:up",
    "serve": "bridge.commands.running:serve",
    "work": "bridge.commands.running:work",
    "migrate": "bridge.commands.running:migrate",
    "move": "bridge.commands.moving:move",
    "preview": "bridge.commands.trying:preview",
    "hash": "bridge.commands.hashing:hash_command",
    "status": "bridge.commands.looking:status",
    "dead": "bridge.commands.letters:dead",
    "erase": "bridge.commands.erasing:erase",
    "import": "bridge.commands.importing:import_command",
    "reconcile": "bridge.commands.reconciling:reconcile",
    "sync": "bridge.commands.syncing:sync",
    "audit": "bridge.commands.auditing:audit",
    "doctor": "bridge.commands.doctor:doctor",
}


class Commands(click.Group):
    """The commands of the table, in its order."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Answer the names for the help."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="sfcc-conversions-bridge")
def main() -> None:
    """Send confirmed Salesforce Commerce Cloud orders to Meta and Google, each exactly once.

    Settings come from the TOML file in BRIDGE_CONFIG, then from BRIDGE_... variables. Without
    either, everything stays on this machine. First steps, in three terminals:

    \b
      mock-platform serve
      bridge up
      mock-platform orders --count 10 --to http://127.0.0.1:8080
    """
