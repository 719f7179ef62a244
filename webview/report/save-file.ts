/** Hands a text to the browser as a file to keep; nothing leaves the page. */

/** The browser has taken the file by then. */
const TAKEN_MS = 10_000;

export function saveFile(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), TAKEN_MS);
}
