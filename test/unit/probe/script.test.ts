import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseScript, ScriptError } from "../../../src/probe/script/parse";
import { systemVariable } from "../../../src/probe/script/system-variables";
import { cleanUp, httpServer, newFolder, type Probed, probe } from "./support";

afterEach(cleanUp);

interface Seen {
  method: string;
  url: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** A server that tells what it was sent, and answers with a token. */
async function recordingServer(): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const url = await httpServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    seen.push({ method: request.method!, url: request.url!, headers: request.headers, body });
    if (request.url === "/moved") {
      response.statusCode = 302;
      response.setHeader("Location", "/there");
    }
    response.setHeader("X-Token", "t0k");
    response.end(JSON.stringify({ token: "abc", items: [{ id: 7, "a b": true }] }));
  });
  return { url, seen };
}

function script(text: string, variables: [string, string][] = [], base?: string): Promise<Probed> {
  const file = join(newFolder(), "requests.http");
  writeFileSync(file, text);
  return probe("http://127.0.0.1/", {
    script: { scripts: [parseScript(file, text)], variables: new Map(variables), base, headers: [] },
  });
}

describe("a request file", () => {
  it("of REST Client's documentation as to form runs as written: variables, bodies, several requests", async () => {
    const { url, seen } = await recordingServer();
    const { requests, result } = await script(`
@hostname = ${url.slice(7)}
@contentType = application/json
@createdAt = {{$datetime iso8601}}
@base = http://{{hostname}}

### first, with comments
# a comment
// another
GET {{base}}/comments/1 HTTP/1.1

###
GET {{base}}/comments
    ?page=2
    &pageSize=10

###

# @name login
POST {{base}}/login HTTP/1.1
Content-Type: {{contentType}}
Authorization: Basic user:passwd

{
    "name": "sample",
    "time": "{{createdAt}}"
}

### uses what the login answered
@token = {{login.response.body.$.token}}
PATCH {{base}}/items/{{login.response.body.items[0].id}} HTTP/1.1
Authorization: Bearer {{token}}
X-Token: {{login.response.headers.X-Token}}

###
${url}/bare
`);
    assert.equal(result.unanswered, 0);
    assert.deepEqual(
      seen.map((request) => `${request.method} ${request.url}`),
      ["GET /comments/1", "GET /comments?page=2&pageSize=10", "POST /login", "PATCH /items/7", "GET /bare"],
    );
    const [, , login, patch] = seen as [Seen, Seen, Seen, Seen, Seen];
    assert.equal(login.headers["content-type"], "application/json");
    assert.equal(login.headers.authorization, `Basic ${Buffer.from("user:passwd").toString("base64")}`);
    assert.match(JSON.parse(login.body).time, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    assert.deepEqual([patch.headers.authorization, patch.headers["x-token"]], ["Bearer abc", "t0k"]);
    assert.equal(requests.length, 5);
    assert(requests.every(({ requestStart, responseEnd }) => requestStart && responseEnd));
  });

  it("sends bodies from files, as forms, as multipart and as GraphQL", async () => {
    const { url, seen } = await recordingServer();
    const folder = newFolder();
    writeFileSync(join(folder, "data.txt"), "raw {{name}}");
    const file = join(folder, "a.rest");
    const text = `@name = Ada
POST ${url}/file

< ./data.txt
###
POST ${url}/filled

<@ data.txt
###
POST ${url}/form
Content-Type: application/x-www-form-urlencoded

name=foo
&password={{%name}}%20x
###
POST ${url}/multipart
Content-Type: multipart/form-data; boundary=B

--B
Content-Disposition: form-data; name="a"

{{name}}
--B--
###
POST ${url}/graphql
X-REQUEST-TYPE: GraphQL

query one($id: Int!) {
  item(id: $id) { name }
}

{ "id": 1 }
`;
    await probe("http://127.0.0.1/", {
      script: { scripts: [parseScript(file, text)], variables: new Map(), headers: [] },
    });
    assert.deepEqual(
      seen.slice(0, 4).map(({ body }) => body),
      [
        "raw {{name}}",
        "raw Ada",
        "name=foo&password=Ada%20x",
        '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\nAda\r\n--B--\r\n',
      ],
    );
    const graphQl = JSON.parse(seen[4]!.body);
    assert.deepEqual([graphQl.operationName, graphQl.variables], ["one", { id: 1 }]);
    assert.match(graphQl.query, /^query one/);
    assert.equal(seen[4]!.headers["content-type"], "application/json");
    assert.equal(seen[4]!.headers["x-request-type"], undefined);
  });

  it("follows redirects but where it says no, and takes paths from Host or from the recording", async () => {
    const { url, seen } = await recordingServer();
    const host = url.slice(7);
    const { requests } = await script(
      `get /moved\nHost: ${host}\n\n###\n# @no-redirect\nGET /moved\n\n###\nGET /v/{{v}}`,
      [["v", "1"]],
      url,
    );
    assert.deepEqual(
      seen.map(({ url: at }) => at),
      ["/moved", "/there", "/moved", "/v/1"],
    );
    assert.deepEqual(
      requests.map(({ method, status, hop }) => [method, status, hop]),
      [
        ["GET", 302, undefined],
        ["GET", 200, 1],
        ["GET", 302, undefined],
        ["GET", 200, undefined],
      ],
    );
  });

  it("makes a GET without body and length of a POST that is redirected on its own host", async () => {
    let last = "";
    const url = await httpServer((request, response) => {
      last = `${request.method} ${request.headers["content-length"]} ${request.headers["content-type"]}`;
      if (request.url === "/form") response.writeHead(303, { location: "/done" });
      response.end();
    });
    const { result } = await script(`POST ${url}/form\nContent-Type: text/plain\nContent-Length: 1\n\nx`);
    assert.deepEqual([last, result.unanswered], ["GET undefined undefined", 0]);
  });

  const faults: [what: string, text: string, says: RegExp][] = [
    ["an unknown variable", "GET http://127.0.0.1/{{nope}}", /:1: there is no variable nope/],
    ["a variable of itself", "@a = {{b}}\n@b = {{a}}\nGET http://h/{{a}}", /refers to itself/],
    ["an answer that is not there yet", "GET http://h/{{x.response.body.$.a}}", /no request named x/],
    ["a header that is none", "GET http://h/\nnot a header", /:2: not a header/],
    ["a prompt", "# @prompt name\nGET http://h/", /prompts are not supported/],
    ["a curl line", "curl http://h/", /curl lines are not supported/],
    ["no request", "@a = 1\n# nothing", /no request in it/],
    ["a missing file", "POST http://h/\n\n< ./nowhere.txt", /:1: there is no file .*nowhere\.txt/],
    [
      "a header with a line end",
      "GET http://h/\nX: {{%a}}{{a}}\n\n###\n@a = \u0001",
      /characters that no header may have/,
    ],
  ];
  for (const [what, text, says] of faults)
    it(`that cannot be run as written says where and why: ${what}`, async () => {
      await assert.rejects(
        async () => script(text),
        (error: Error) => {
          assert(error instanceof ScriptError, String(error));
          assert.match(error.message, /requests\.http:\d+: /);
          assert.match(error.message, says);
          return true;
        },
      );
    });
});

describe("system variables", () => {
  const value = (text: string) => systemVariable(text, () => new Map([["A", "1"]]));
  it("are REST Client's", () => {
    assert.match(value("$guid")!, /^[0-9a-f-]{36}$/);
    const random = Number(value("$randomInt 5 8"));
    assert(random >= 5 && random < 8);
    const seconds = Date.now() / 1000;
    assert(Math.abs(Number(value("$timestamp")) - seconds) < 2);
    assert(Math.abs(Number(value("$timestamp -1 h")) - seconds + 3600) < 2);
    assert.match(value("$datetime rfc1123")!, /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
    assert.match(value('$datetime "YYYY-MM-DD [at] HH:mm" 1 y')!, /^\d{4}-\d\d-\d\d at \d\d:\d\d$/);
    assert.match(value("$localDatetime iso8601")!, /[+-]\d\d:\d\d$/);
    process.env.PROBE_TEST = "env";
    assert.equal(value("$processEnv PROBE_TEST"), "env");
    assert.equal(value("$dotenv A"), "1");
    assert.equal(value("$nothing"), undefined);
    for (const wrong of ["$randomInt 5", "$timestamp 1 x", "$datetime abc", "$processEnv NO_SUCH_1", "$dotenv B"])
      assert.throws(() => value(wrong), Error, wrong);
  });
});
