"""Reads calendar files with vobject, checks them by its rules and prints their events as JSON.

usage: check_vobject.py FILE.ics …
"""

import json
import sys
from pathlib import Path

import vobject

events = []
for name in sys.argv[1:]:
    calendar = vobject.readOne(Path(name).read_text(encoding="utf-8"))
    calendar.validate(raiseException=True)
    for event in getattr(calendar, "vevent_list", []):
        events.append(
            {
                "method": calendar.method.value,
                "uid": event.uid.value,
                "sequence": int(event.sequence.value),
                "status": event.status.value,
                "start": event.dtstart.value.isoformat(),
                "summary": event.summary.value,
                "attendees": [one.value for one in getattr(event, "attendee_list", [])],
                "alarms": len(getattr(event, "valarm_list", [])),
            }
        )
json.dump(events, sys.stdout, ensure_ascii=False)
