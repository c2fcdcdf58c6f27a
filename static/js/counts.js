// Loads the counts of a list's rows with one request. The response is streamed as
// lines: which of the ids, text and, for a count to request again, the pause in seconds.
(() => {
  'use strict';

  const idOf = (link) => link.getAttribute('href').match(/[0-9a-f-]{36}/)[0];

  async function* linesOf(answer) {
    let rest = '';
    for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split('\n');
      rest = lines.pop();
      yield* lines;
    }
  }

  async function count(table, links) {
    if (!links.length || !table.isConnected) return;
    const query = new URLSearchParams(links.map((link) => ['id', idOf(link)]));
    const answer = await fetch(`${table.dataset.counts}?${query}`);
    if (!answer.ok || answer.redirected) return;
    const later = [];
    let pause = 0;
    for await (const line of linesOf(answer)) {
      const [place, words, wait] = line.split('\t');
      const link = links[place];
      link.textContent = words;
      if (wait) {
        later.push(link);
        pause = Math.max(pause, wait);
      }
    }
    if (pause && pause < 600) setTimeout(start, pause * 1000, table, later);
  }

  // After a broken connection the rows keep their links, which lead to the count.
  const start = (table, links) => { count(table, links).catch(() => {}); };
  const startIn = (root) => {
    for (const table of root.querySelectorAll('[data-counts]')) start(table, [...table.querySelectorAll('td:last-child > a')]);
  };

  startIn(document);
  document.addEventListener('htmx:afterSwap', ({ detail: { target } }) => {
    const part = target.isConnected ? target : document.getElementById(target.id);
    if (part) startIn(part);
  });
})();
