"""An assistant's side of `backoffice mcp`, with the official package: lists, asks, asks wrongly."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from mcp import ClientSession, StdioServerParameters, stdio_client


async def ask(config: str, state: str) -> dict[str, Any]:
    """What the server told."""
    words = ["--config", config, "--state", state, "mcp", "--as", "lin"]
    program = str(Path(sys.executable).with_name("backoffice"))
    server = StdioServerParameters(command=program, args=words)
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        listed = await session.list_tools()
        good = await session.call_tool("report", {"name": "by-tender", "period": "today"})
        wrong = await session.call_tool("report", {"name": "none"})
        [text] = good.content
        return {
            "tools": sorted(one.name for one in listed.tools),
            "report": json.loads(text.text),
            "wrong": wrong.is_error,
        }


print(json.dumps(asyncio.run(ask(sys.argv[1], sys.argv[2]))))  # noqa: T201  a program's output
