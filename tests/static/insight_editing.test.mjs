import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import "./catalogue.mjs";
import { focusAfter, moveOf, quotationFrom, startFieldOf } from "../../static/js/insight_editing.js";

const agreed = JSON.parse(readFileSync(new URL("agreed.json", import.meta.url)));

for (const [wording, passage, start] of agreed.quotations) {
  test(`selection in ${JSON.stringify(wording)} starts where the server finds it`, () => {
    const selected = wording.lastIndexOf(passage);
    assert.deepEqual(quotationFrom(wording, selected, selected + passage.length), { passage, start });
  });
}

test("cursor that selects nothing makes no quotation", () => assert.equal(quotationFrom("Ring first.", 4, 4), null));

test("passage that is mended by hand has a start to forget, and other fields have none", () => {
  assert.equal(startFieldOf("id_piece-3-passage"), "id_piece-3-start");
  assert.equal(startFieldOf("id_title"), null);
  assert.equal(startFieldOf("id_passage-of-time"), null);
});

test("dragged piece takes the place of the one it is dropped on", () => {
  assert.equal(moveOf(["7", "8", "9"], "9", "7"), "place 9 0");
  assert.equal(moveOf(["7", "8", "9"], "7", "9"), "place 7 2");
  assert.equal(moveOf(["7", "8", "9"], "8", "8"), null);
});

test("focus stays on what was pressed, or goes to what is said, or to the search", () => {
  const [pressed, says, silent, search] = [{}, { textContent: "Added." }, { textContent: " \n" }, {}];
  assert.equal(focusAfter(pressed, says, search), pressed);
  assert.equal(focusAfter({ disabled: true }, says, search), says);
  assert.equal(focusAfter(null, says, search), says);
  assert.equal(focusAfter(null, silent, search), search);
});
