// Reads calendar files with ical.js and prints their events as JSON.
//
// usage: node check_calendar.js FILE.ics …

import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const events = process.argv.slice(2).flatMap((file) => {
  const calendar = new ICAL.Component(ICAL.parse(readFileSync(file, "utf8")));
  const method = calendar.getFirstPropertyValue("method");
  return calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    return {
      method,
      uid: event.uid,
      sequence: event.sequence ?? 0,
      status: component.getFirstPropertyValue("status"),
      start: event.startDate.toJSDate().toISOString(),
      end: event.endDate.toJSDate().toISOString(),
      summary: event.summary,
      location: event.location,
      attendees: event.attendees.map((attendee) => attendee.getFirstValue()),
      alarms: component.getAllSubcomponents("valarm").length,
    };
  });
});
console.log(JSON.stringify(events));
