"""Reads a calendar file strictly and prints its events as JSON.

usage: check_calendar.py FILE.ics
"""

import json
import sys
from pathlib import Path

from icalendar import Calendar

DEMANDED = ["UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"]

content = Path(sys.argv[1]).read_bytes()
if b"\n" in content.replace(b"\r\n", b""):
    sys.exit("a line that does not end in CRLF")
if any(len(line) > 75 for line in content.split(b"\r\n")):
    sys.exit("a line of more than 75 bytes")
calendar = Calendar.from_ical(content)
for component in [calendar, *calendar.events]:
    if component.errors:
        sys.exit(str(component.errors))
for event in calendar.events:
    missing = [name for name in DEMANDED if name not in event]
    if missing:
        sys.exit(f"{event.get('UID')} lacks {missing}")
json.dump([{"uid": event["UID"], "start": event.start.isoformat()} for event in calendar.events], sys.stdout)
