"""Reads mails as strictly as Python can, and prints what they say as JSON, one object per mail.

usage: check_mail.py FOLDER   (a Maildir, or a folder of .eml files)

Ends with a failure at the first mail with a defect: of the message, of a part, or of the calendar entry in it.
"""

import json
import sys
from email import message_from_bytes, policy
from pathlib import Path

from icalendar import Calendar

STRICT = policy.default.clone(raise_on_defect=True)
# What RFC 5545 and RFC 5546 demand of an invitation to one attendee.
DEMANDED = ["UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "ORGANIZER", "ATTENDEE", "STATUS"]


def main(folder):
    folder = Path(folder)
    files = sorted(folder.glob("*.eml")) or sorted((folder / "new").iterdir())
    mails = [checked(file) for file in files]
    mails.sort(key=lambda mail: (mail["to"], mail["kind"]))
    json.dump(mails, sys.stdout, ensure_ascii=False, indent=1)


def checked(file):
    mail = message_from_bytes(file.read_bytes(), policy=STRICT)
    for part in mail.walk():
        demand(not part.defects, file, part.defects)
        for name, value in part.items():
            demand(not getattr(value, "defects", ()), file, (name, getattr(value, "defects", ())))
    for name in ("From", "To", "Subject", "Date", "Message-ID"):
        demand(len(mail.get_all(name, [])) == 1, file, f"{name} once")
    recipients = mail["To"].addresses
    demand(len(recipients) == 1, file, "one recipient")
    told = {
        "to": recipients[0].addr_spec,
        "name": recipients[0].display_name,
        "from": str(mail["From"]),
        "subject": str(mail["Subject"]),
        "kind": mail["Message-ID"].strip("<>").split(".")[0],
        "message_id": mail["Message-ID"],
        "types": [part.get_content_type() for part in mail.walk() if not part.is_multipart()],
        "calendar": calendar(file, mail, recipients[0].addr_spec),
    }
    text = mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    demand(told["name"] in text and told["name"] in html, file, "greets its reader")
    demand("\ufffd" not in text + html + told["subject"], file, "a character that was lost")
    return told


def calendar(file, mail, recipient):
    parts = [part for part in mail.walk() if part.get_content_type() in ("text/calendar", "application/ics")]
    if not parts:
        return None
    demand(len(parts) == 2, file, "an entry in the mail, and as a file")
    inline, attached = parts
    entry = inline.get_payload(decode=True)
    demand(entry == attached.get_payload(decode=True), file, "the same entry twice")
    demand(attached.get_filename() == "invite.ics", file, attached.get_filename())
    demand(all(len(line) <= 75 for line in entry.split(b"\r\n")), file, "lines of at most 75 bytes")
    demand(b"\n" not in entry.replace(b"\r\n", b""), file, "lines that end in CRLF")
    whole = Calendar.from_ical(entry)
    demand(not whole.errors, file, whole.errors)
    demand(inline.get_param("method") == whole["METHOD"], file, "the method in the head of the part")
    [event] = whole.events
    demand(not event.errors, file, event.errors)
    for name in DEMANDED:
        demand(name in event, file, f"{name} in the entry")
    demand(event["ATTENDEE"] == f"mailto:{recipient}", file, event["ATTENDEE"])
    demand(event["ORGANIZER"] == f"mailto:{mail['From'].addresses[0].addr_spec}", file, event["ORGANIZER"])
    demand(event.start.utcoffset() is not None and event.start < event.end, file, "an instant before another")
    return {
        "method": whole["METHOD"],
        "uid": event["UID"],
        "sequence": event["SEQUENCE"],
        "start": event.start.isoformat(),
        "end": event.end.isoformat(),
        "status": event["STATUS"],
        "summary": event["SUMMARY"],
        "location": event["LOCATION"],
        "alarms": len(event.subcomponents),
    }


def demand(holds, file, what):
    if not holds:
        sys.exit(f"{file.name}: {what}")


main(sys.argv[1])
