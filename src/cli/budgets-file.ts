/** Budgets as a file has them: JSON of their own, or a VS Code settings file, which may have comments. */

const SETTING = "requestTimeline.budgets";
/** A string, or a comment, or a comma that nothing follows. */
const NOT_JSON = /("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\/|,(?=(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*[}\]])/g;

/** What the file says of budgets, yet to be checked. Throws where it is neither. */
export function budgetsIn(text: string): unknown {
  const value: unknown = JSON.parse(text.replace(NOT_JSON, "$1"));
  const isSettings = typeof value === "object" && value !== null && SETTING in value;
  return isSettings ? (value as Record<string, unknown>)[SETTING] : value;
}
