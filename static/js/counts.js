// How many there are of something is asked once the list is there, for all of
// its rows in one request. The answer comes line by line, each as soon as it is
// known: id, words and, where it has to be asked again, in how many seconds.
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
      const [id, words, wait] = line.split('\t');
      const link = links.find((one) => idOf(one) === id);
      link.textContent = words;
      if (wait) {
        later.push(link);
        pause = Math.max(pause, wait);
      }
    }
    if (pause && pause < 600) setTimeout(start, pause * 1000, table, later);
  }

  // A connection that breaks leaves rows as they are: with a link that shows
  // what they do not say.
  const start = (table, links) => { count(table, links).catch(() => {}); };
  const startIn = (root) => {
    for (const table of root.querySelectorAll('[data-counts]')) start(table, [...table.querySelectorAll('[data-count]')]);
  };

  startIn(document);
  document.addEventListener('htmx:afterSwap', ({ detail: { target } }) => {
    const part = target.isConnected ? target : document.getElementById(target.id);
    if (part) startIn(part);
  });
})();
