"""`backoffice mcp`: reports for an assistant over the Model Context Protocol, an optional extra."""

import importlib.util

import click

from backoffice.cli.desk import Office, now_ms, reading
from backoffice.errors import Refused, Unavailable


@click.command()
@click.option("--as", "name", required=True, help="In whose name: what this person may see.")
@click.pass_obj
def mcp(office: Office, name: str) -> None:
    """Answer an assistant's questions about reports on stdin and stdout, reading only.

    An optional extra: pip install 'steelyard[mcp]'.

    Example: backoffice mcp --as lin
    """
    if reading(office).people.get(name) is None:
        raise Refused("There is nobody called {name}.", name=name[:40])
    if importlib.util.find_spec("mcp") is None:
        raise Unavailable(
            "The package mcp is not installed; it is an extra: pip install 'steelyard[mcp]'."
        )
    from mcp.server.mcpserver import MCPServer

    from backoffice.mcp_tools import Tools

    tools = Tools(lambda: reading(office), name, office.config.language, office._, now_ms)
    server = MCPServer("steelyard", instructions="Reports of a market's books; reading only.")
    server.add_tool(tools.list_reports)
    server.add_tool(tools.report)
    server.run("stdio")
