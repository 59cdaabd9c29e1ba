import assert from "node:assert/strict";
import { test } from "node:test";
const { toJson, toText } = await import(`${process.env.STORMLY_ASSETS}/form.js`);
const { isJson, layOut } = await import(`${process.env.STORMLY_ASSETS}/json.js`);
const { duration, locked, sentence } = await import(`${process.env.STORMLY_ASSETS}/send.js`);

test("an empty field is not sent", () => {
  for (const kind of ["any", "text", "number", "integer", "flag"]) {
    assert.equal(toJson(kind, ""), null);
  }
});

test("numbers keep their digits", () => {
  for (const digits of ["4.0", "0", "-0", "1e-3", "12345678901234567890", "0.30000000000000004"]) {
    assert.equal(toJson("number", digits), digits);
    assert.equal(toJson("number", ` ${digits} `), digits);
    assert.equal(toJson("any", digits), digits);
  }
});

test("what is no number is sent as text, so that the endpoint says what is wrong", () => {
  for (const [text, json] of [["many", '"many"'], ["01", '"01"'], ["1.", '"1."'], ["NaN", '"NaN"'], ["0x10", '"0x10"'], ["1 2", '"1 2"'], ["--1", '"--1"']]) {
    assert.equal(toJson("number", text), json);
  }
});

test("text is always text, also where it looks like something else", () => {
  for (const text of ["5", "true", "null", '{"a":1}', '"', "\\", "a\nb"]) {
    assert.equal(JSON.parse(toJson("text", text)), text);
  }
});

test("any JSON is sent as it is, and what is none as text", () => {
  assert.equal(toJson("any", '{"b": 1.0, "a": 2}'), '{"b": 1.0, "a": 2}');
  assert.equal(toJson("any", "[1,"), '"[1,"');
  assert.equal(toJson("any", "free"), '"free"');
  assert.equal(toJson("any", '"free"'), '"free"');
});

test("flags are words", () => {
  assert.equal(toJson("flag", "true"), "true");
  assert.equal(toJson("flag", "false"), "false");
});

test("what an example puts into a field comes out as the same value", () => {
  for (const json of ['"free"', '"5"', '"true"', '"a\\nb"', '"\\u00e9"', "5", "4.0", "true", "null", "[1, 2]", '{"a":"b"}', '""', '"\\"x\\""']) {
    for (const kind of ["any", ...(json.startsWith('"') ? ["text"] : [])]) {
      const text = toText(kind, json);
      if (text !== "") {
        assert.deepEqual(JSON.parse(toJson(kind, text)), JSON.parse(json), `${kind} ${json}`);
      }
    }
  }
});

test("only whole JSON is JSON", () => {
  assert.ok(isJson("4.0") && isJson(" {} ") && isJson('"x"'));
  assert.ok(!isJson("") && !isJson("NaN") && !isJson("{}{}") && !isJson("{'a':1}"));
});

test("a long answer is cut, a short one is whole", () => {
  const long = JSON.stringify(Array.from({ length: 10_000 }, (_, i) => i));
  const { pieces, whole } = layOut(long, 1000);
  assert.ok(!whole);
  assert.ok(pieces.reduce((n, p) => n + p.text.length, 0) < 1100);
  assert.ok(layOut("[1,2]", 1000).whole);
});

test("a deep answer is laid out without a deep stack", () => {
  const deep = "[".repeat(50_000) + "]".repeat(50_000);
  assert.ok(layOut(deep, 1000).pieces.length > 0);
});

test("closed doors have words of their own", () => {
  assert.match(locked(401), /credentials/);
  assert.match(locked(403), /may read/);
  assert.match(locked(0), /another address/);
  assert.equal(locked(400), null);
  assert.equal(locked(200), null);
});

test("times and problems are put into words", () => {
  assert.equal(duration(0.2), "1 ms");
  assert.equal(duration(999), "999 ms");
  assert.equal(duration(1234), "1.2 s");
  assert.equal(sentence({ rule: "must be a number", value: '"x"', remedy: "Send a number." }), 'must be a number, was: "x". Send a number.');
  assert.equal(sentence({}), "is wrong.");
});
