import assert from "node:assert/strict";
import { test } from "node:test";

import "./catalogue.mjs";
import { isNhsNumber, isPhone, stretches } from "../../static/js/passages.js";

const marked = (text, known = []) => stretches(text, known).map(({ start, end, what }) => [text.slice(start, end), what]);

test("NHS number passes its check, whatever stands between its digits", () => {
  assert.ok(isNhsNumber("943 476 5919"));
  assert.ok(isNhsNumber("943-476-5919"));
  assert.ok(!isNhsNumber("943 476 5918"));
});

test("phone number has nine or ten digits after the nought", () => {
  assert.ok(isPhone("0161 496 0000"));
  assert.ok(isPhone("+44 (0)161 496 0000"));
  assert.ok(!isPhone("0161 4960"));
});

test("identifiers are marked while they are typed", () => {
  assert.deepEqual(marked("🤫 Her number, 943 476 5919, or ann@example.org."), [
    ["943 476 5919", "an NHS number"],
    ["ann@example.org", "an e-mail address"],
  ]);
  assert.deepEqual(marked("She lives at M1 4BT, NI QQ 12 34 56 C."), [["M1 4BT", "a postcode"]]);
  assert.deepEqual(marked("Ten came on 12 May 2020."), []);
});

test("what the page found is marked wherever it stands as a whole", () => {
  const known = [{ passage: "Ann", what: "perhaps a name" }];
  assert.deepEqual(stretches("Ann left Annexe B; then Ann’s sister.", known), [
    { start: 0, end: 3, what: "perhaps a name" },
    { start: 24, end: 27, what: "perhaps a name" },
  ]);
});

test("stretches do not overlap: the longer of two that begin together is marked", () => {
  const known = [
    { passage: "Ann", what: "perhaps a name" },
    { passage: "Ann Field", what: "the name of somebody who was there" },
  ];
  assert.deepEqual(marked("Ann Field rang.", known), [["Ann Field", "the name of somebody who was there"]]);
});
