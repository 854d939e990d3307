// Reads one iCalendar object on standard input and prints what ical.js makes of each event, as JSON.
// Times come out as UTC instants, so that another parser's answer can be compared without zones.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) {
  ICAL.TimezoneService.register(zone);
}

const instant = (time) => (time ? time.toJSDate().toISOString().replace(".000Z", "Z") : null);
const values = (component, name) =>
  component.getAllProperties(name).map((property) => String(property.getFirstValue()));

// Every start of a series, or the one start of anything else.
const starts = (event) => {
  const found = [];
  const iterator = event.iterator();
  for (let next = iterator.next(); next; next = iterator.next()) found.push(instant(next));
  return found;
};

const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  return {
    uid: event.uid,
    sequence: event.sequence,
    status: component.getFirstPropertyValue("status"),
    summary: event.summary,
    description: event.description,
    location: event.location,
    start: instant(event.startDate),
    end: instant(event.endDate),
    starts: event.isRecurring() ? starts(event) : [instant(event.startDate)],
    occurrence_of: instant(event.recurrenceId),
    zone: component.getFirstProperty("dtstart")?.getParameter("tzid") ?? null,
    organizer: component.getFirstPropertyValue("organizer"),
    attendees: values(component, "attendee"),
  };
});

console.log(
  JSON.stringify({
    method: calendar.getFirstPropertyValue("method"),
    events,
  }),
);
