/* A server for Deno, whose runtime instruments it with OpenTelemetry's SDK for Rust: nothing here names it. */
const show = (request) => new Response(`the book of ${new URL(request.url).pathname}`);

globalThis.Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: ({ port }) => console.log(`http://127.0.0.1:${port}`) },
  show,
);
