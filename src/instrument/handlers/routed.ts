/** What a framework knows of a request: the function that handles it, and its route's pattern. */
export interface Routed {
  handler: object;
  route: string;
}
