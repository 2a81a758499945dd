// What ical.js, which knows nothing of the product, finds in a calendar file. node read_ics.mjs <ical.js> < file
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { default: ICAL } = await import(pathToFileURL(process.argv[2]).href);
const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);

const told = (time) => (time.isDate ? time.toString() : time.toJSDate().toISOString().replace(".000Z", "+00:00"));
const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  return {
    method: calendar.getFirstPropertyValue("method"),
    uid: event.uid,
    sequence: event.sequence,
    status: component.getFirstPropertyValue("status"),
    starts: told(event.startDate),
    ends: told(event.endDate),
    stamp: told(component.getFirstPropertyValue("dtstamp")),
    summary: event.summary,
    location: event.location,
    description: event.description,
    organizer: component.getFirstPropertyValue("organizer") ?? "",
    attendees: component.getAllProperties("attendee").map((property) => property.getFirstValue()),
    names: component.getAllProperties().map((property) => property.name).sort(),
  };
});
console.log(JSON.stringify(events));
