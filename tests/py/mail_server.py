"""An SMTP server on loopback that keeps every mail in a Maildir.

usage: mail_server.py MAILDIR

Prints its port, and serves until its standard input is closed. A mail that breaks the rules of the wire (a line
without CRLF, or of more than 998 bytes) is refused with what is wrong.
"""

import asyncio
import mailbox
import sys

from aiosmtpd.smtp import SMTP


class Keeper:
    def __init__(self, folder):
        self.maildir = mailbox.Maildir(folder, create=True)

    async def handle_DATA(self, server, session, envelope):
        fault = fault_of(envelope.original_content)
        if fault:
            return f"554 {fault}"
        self.maildir.add(envelope.content)
        return "250 kept"


def fault_of(content):
    rest = content.replace(b"\r\n", b"")
    if b"\n" in rest or b"\r" in rest:
        return "a line that does not end in CRLF"
    longest = max(len(line) for line in content.split(b"\r\n"))
    return f"a line of {longest} bytes" if longest > 998 else None


async def main(folder):
    loop, keeper = asyncio.get_running_loop(), Keeper(folder)
    server = await loop.create_server(lambda: SMTP(keeper, hostname="test.example"), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


asyncio.run(main(sys.argv[1]))
