// The hour on the campus, below the greeting of the main page.
const clock = document.getElementById("clock");
if (clock) clock.textContent = `It is ${new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })} here.`;
