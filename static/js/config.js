// The settings of htmx. Off is what the content security policy forbids and what
// would keep pages with secrets in the browser's storage. A 422 is a form to correct
// and swapped like any answer; other errors are notices, which answers.js puts where
// they can be read. Going back to an address loads it, as a page. Nothing is settled:
// that would copy style attributes, which extensions leave behind, and so break the
// policy. And nothing waits for it: a form that is sent right after it came would not
// be htmx's yet.
(() => {
  'use strict';

  if (window.htmx) Object.assign(window.htmx.config, {
    "allowEval": false,
    "allowScriptTags": false,
    "includeIndicatorStyles": false,
    "attributesToSettle": [],
    "defaultSettleDelay": 0,
    "historyCacheSize": 0,
    "historyRestoreAsHxRequest": false,
    "refreshOnHistoryMiss": true,
    "reportValidityOfForms": true,
    "responseHandling": [
      { "code": "204", "swap": false },
      { "code": "[23]..|422", "swap": true },
      { "code": "[45]..", "swap": true, "error": true }
    ]
  });
})();
