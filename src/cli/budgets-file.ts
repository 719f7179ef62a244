/** Budgets as a file has them: JSON of their own, or a VS Code settings file, which may have comments. */

const SETTING = "requestTimeline.budgets";
/**
 * A string, or a comment; then a string, or a comma that nothing follows. Not both at once: what may stand between a comma
 * and a bracket is then comments in any number, and a bar of slashes is as many of them as there are ways to cut it.
 */
const COMMENTS = /("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
const TRAILING_COMMAS = /("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g;

/** What the file says of budgets, yet to be checked. Throws where it is neither. */
export function budgetsIn(text: string): unknown {
  const value: unknown = JSON.parse(text.replace(COMMENTS, "$1").replace(TRAILING_COMMAS, "$1"));
  const isSettings = typeof value === "object" && value !== null && SETTING in value;
  return isSettings ? (value as Record<string, unknown>)[SETTING] : value;
}
