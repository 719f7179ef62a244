// Writes the site's pages: `node examples/campus/make/pages.mjs`. Like the pictures they have exactly the sizes that the
// methodology's measurements name (K = 1024 bytes); a comment at the end fills what the text leaves.
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const htdocs = join(dirname(fileURLToPath(import.meta.url)), "../htdocs");
const K = 1024;

const button = (name, alt, href) =>
  `<a href="${href}"><img src="/images/${name}.gif" width="72" height="24" alt="${alt}"></a>`;
const photograph = (name, width, height, alt) =>
  `<figure>\n  <img src="/images/${name}.jpg" width="${width}" height="${height}" alt="${alt}">\n  <figcaption>${alt}</figcaption>\n</figure>`;

const page = (title, body, more = "") => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<link rel="icon" href="/images/aboutcamp.gif">
<link rel="stylesheet" href="/campus.css">
${more}</head>
<body>
${body}
</body>
</html>
`;

function write(name, size, text) {
  const rest = size - Buffer.byteLength(text);
  const frame = "<!--  -->\n".length;
  if (rest < frame) throw new Error(`${name}: ${-rest} bytes too many`);
  writeFileSync(join(htdocs, name), `${text}<!-- ${"* ".repeat(K * 30).slice(0, rest - frame)} -->\n`);
  process.stdout.write(`${name}: ${size} bytes, of which ${rest} fill\n`);
}

const DEPARTMENTS = [
  [
    "Architecture and Planning",
    "drawing studios that look out on the mountains, and a model shop that is open at night",
  ],
  ["Biology", "a herbarium of the high plains, two greenhouses and the long-term study of the river's banks"],
  ["Business Administration", "evening classes for those who work by day, and the city's oldest course in bookkeeping"],
  [
    "Computer Science and Engineering",
    "operating systems, networks and the measurement of both, with a laboratory of its own",
  ],
  ["Economics", "the seminar on queues, prices and patience, together with the Department of Mathematics"],
  ["English", "writing workshops, the student review, and readings on the last Thursday of each month"],
  ["Fine Arts", "painting, printmaking and sculpture, with an exhibition hall that the whole city visits"],
  ["Geography", "map making from the plane table to the satellite, and excursions every spring"],
  ["History", "the archive of the railways and an oral history of the neighbourhoods around the campus"],
  ["Mathematics", "probability, statistics and operations research, and a help room that turns nobody away"],
  ["Music", "an orchestra, two choirs, a recording studio and the jazz nights in the student union"],
  ["Physics", "an observatory in the foothills and the public lecture on the first Friday of the month"],
];

const NEWS = [
  [
    "The calendar is on line",
    'Any month of any year, drawn up for you alone while you wait: the <a href="/calendar/">calendar</a> is the first of our pages that is made on demand.',
  ],
  [
    "Channel 12 comes to the plaza",
    "Students of communication have begun to broadcast. The first week shows the building of the studio, the second what they found under its floor.",
  ],
  [
    "A portrait for the library",
    "The portrait of the library's founding director hangs in the reading room from this week, between the books that she bought.",
  ],
  [
    "Fair of the student associations",
    "Forty associations, from chess to caving, put up their tents on the lawn on Saturday. Come early: last year the maps ran out at noon.",
  ],
  ["The plaza at night", "New lamps have been set up along the plaza. The astronomers asked for shades, and got them."],
  [
    "The pool opens again",
    "After a summer of repairs the physical education centre fills its pool on Monday. Lanes one and two are for beginners in the evenings.",
  ],
];

const main = page(
  "The campus",
  `<header>
<img src="/images/header.jpg" width="600" height="90" alt="The campus before the mountains">
<h1>The campus</h1>
<nav>
${button("aboutcamp", "About the campus", "/graduate/gradrules.html")}
${button("academics", "Academics", "#academics")}
${button("students", "Students", "#students")}
${button("happenings", "Happenings", "/calendar/")}
${button("search", "Search", "/calendar/")}
${button("help", "Help", "/graduate/gradrules.html")}
${button("main", "Main page", "/")}
</nav>
</header>
<main>
<p>A city campus, three institutions on one lawn, a quarter of an hour's walk from the river. This page tells what goes on here; the
<a href="/graduate/gradrules.html">rules for graduate students</a> and the <a href="/calendar/">calendar</a> are pages of their own.</p>
<p id="clock"></p>
<section id="news">
<h2>This week</h2>
${photograph("campus", 420, 280, "The campus from the south")}
${NEWS.map(([title, text]) => `<h3>${title}</h3>\n<p>${text}</p>`).join("\n")}
</section>
<section id="students">
<h2>Students</h2>
${photograph("tv-1", 320, 240, "The studio of channel 12")}
${photograph("SA1", 480, 320, "The fair of the student associations")}
<p>Half of our students work while they study, and a third have children. The student union keeps the crèche, the bicycle workshop and the
legal advice; the associations do the rest. Whoever wants to found one needs seven names and a purpose that fits on a postcard.</p>
</section>
<section id="academics">
<h2>Academics</h2>
${photograph("leshlaurie", 300, 380, "The founding director of the library")}
<dl>
${DEPARTMENTS.map(([name, text]) => `<dt>${name}</dt>\n<dd>${text}.</dd>`).join("\n")}
</dl>
</section>
<section id="places">
<h2>Places</h2>
${photograph("PL1", 480, 320, "The plaza in the evening")}
${photograph("PE1", 520, 360, "The pool of the physical education centre")}
<p>The library is open from seven in the morning to midnight, the observatory when the sky is clear, the pool by its own timetable. Visitors
find the map at the corner of the plaza, and somebody who explains it in the kiosk beside it. The trams stop at both ends of the lawn; bicycles
are lent by the hour from the workshop. The doors of the lecture halls stand open: whoever is quiet may listen.</p>
</section>
</main>
<footer>
<p>Written for the example of Request Timeline after the site that its methodology was first shown on. No such campus exists, but its lawn
is green. Its pictures were drawn by a program, and the sizes of pages and pictures are those of the first measurements, so that a
recording made today can be laid beside them.</p>
</footer>`,
  '<script src="/campus.js" defer></script>\n',
);

const SUBJECTS = [
  "Admission",
  "Residence",
  "Transfer of credit",
  "Course load",
  "Grades",
  "Examinations",
  "The advisory committee",
  "The thesis",
  "The dissertation",
  "Time limits",
  "Leave of absence",
  "Appeals",
  "Fees",
  "Assistantships",
  "Graduation",
];
const WHO = [
  "A graduate student",
  "An applicant",
  "A candidate for the master's degree",
  "A candidate for the doctorate",
  "A member of the committee",
  "A student on leave",
  "A teaching assistant",
];
const DUTY = [
  "files the form of this section with the office before the tenth day of the term",
  "keeps the grade average of the programme at or above a B in every term that counts",
  "agrees with the adviser, in writing, on the courses that are to be taken",
  "tells the department at once of any change of address, name or intention",
  "hands in two unbound copies, on paper that lasts, and one that may be marked",
  "registers for at least one hour of credit in the term in which the degree is awarded",
  "answers the questions of the committee in a meeting that is open to the faculty",
];
const EXCEPTION = [
  "unless the dean has decided otherwise beforehand",
  "and pays no fee for it",
  "in person or by a representative with a letter",
  "within four weeks, holidays not counted",
  "as the catalogue of the year of admission has it",
  "or asks for an extension, which is given once",
];

/** The rules are many and alike, as rules are. */
function rule(section, clause) {
  const pick = (list, step) => list[(section * step + clause * (step + 2)) % list.length];
  return `<li id="r${section}-${clause}">${pick(WHO, 3)} ${pick(DUTY, 5)}, ${pick(EXCEPTION, 1)}. What was decided is kept in the student's file, and the student may read it.</li>`;
}

const rules = page(
  "Rules for graduate students",
  `<header>
<h1>Rules for graduate students</h1>
<nav>${button("aboutcamp", "About the campus", "/")}</nav>
</header>
<main>
${SUBJECTS.map((subject, index) => `<section id="s${index + 1}">\n<h2>${index + 1}. ${subject}</h2>\n<ol>\n${[1, 2, 3, 4, 5, 6, 7].map((clause) => rule(index + 1, clause)).join("\n")}\n</ol>\n</section>`).join("\n")}
</main>`,
);

const calendar = page(
  "Calendar",
  `<header>
<h1>Calendar</h1>
<nav>${button("aboutcamp", "About the campus", "/")}</nav>
</header>
<main>
<p>The calendar of the campus is drawn up on demand: a program on the server writes the page while you wait.</p>
<ul>
<li><a href="/cgi-bin/calendar.cgi">Ask for a month</a></li>
<li><a href="/cgi-bin/calendar.cgi?3+1993">March 1993</a>, the month of the first browser that showed pictures</li>
<li><a href="/cgi-bin/calendar.cgi?2+1999">February 1999</a>, the month of the first measurements</li>
<li><a href="/cgi-bin/calendar.cgi?9+1752">September 1752</a>, which was short</li>
</ul>
<p>Holidays are those of the registrar. Terms begin on the last Monday of August and on the third Tuesday of January; the
<a href="/graduate/gradrules.html">rules</a> count every time limit from there. What happens in between is on the
<a href="/">main page</a>. Should the server have no calendar program, it says so, and the month stays a secret.</p>
<p>A page like this one is a file, the same for everyone who asks. A page that is drawn up on demand costs the server a process, and
whoever asks for it a little time: the timeline of a recording shows how much of each.</p>
</main>`,
);

const missing = page(
  "Not found",
  `<main>\n<h1>Not found</h1>\n<p>There is no such page on this campus. The <a href="/">main page</a> knows the others.</p>\n</main>`,
);

write("index.html", 9 * K, main);
write("graduate/gradrules.html", 28 * K, rules);
write("calendar/index.html", 2 * K, calendar);
writeFileSync(join(htdocs, "404.html"), missing);
