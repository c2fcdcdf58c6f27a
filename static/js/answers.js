// Places error responses: a form with errors replaces the form; any other error
// becomes a visible notice.
(() => {
  'use strict';

  // A list that refreshes itself is marked data-quiet: its failure is shown on the
  // page and not announced as an alert.
  function place(request) {
    const quiet = request.elt.hasAttribute('data-quiet');
    const area = (!quiet && document.querySelector('dialog[open] [data-notice]')) ||
      document.getElementById('notice');
    area.setAttribute('role', quiet ? 'status' : 'alert');
    area.setAttribute('data-placed', '');
    return area;
  }

  function reveal(area) {
    if (area.getAttribute('role') === 'alert') area.scrollIntoView({ block: 'nearest' });
  }

  // No response, or one that is not the console's: the page holds the message.
  function lost(event) {
    const area = place(event.detail.requestConfig);
    area.dispatchEvent(new CustomEvent('notice', { bubbles: true, detail: { kind: 'error', words: 'lost' } }));
    reveal(area);
  }

  document.addEventListener('htmx:beforeSwap', (event) => {
    const answer = event.detail;
    if (answer.xhr.status < 400) return;
    const isNotice = answer.serverResponse.includes('id="notice"');
    if (answer.xhr.status === 422 && !isNotice) return; // a form with its errors
    answer.isError = false; // handled here; otherwise htmx logs it
    if (answer.serverResponse.includes('data-dialog')) return;
    if (!isNotice) {
      answer.shouldSwap = false;
      lost(event);
      return;
    }
    answer.shouldSwap = true;
    answer.target = place(answer.requestConfig);
    answer.swapOverride = 'innerHTML';
    answer.selectOverride = '#notice > *';
  });
  document.addEventListener('htmx:afterSwap', (event) => {
    if (event.target.matches('[data-placed]')) reveal(event.target);
  });
  // A change may be refused because the list is out of date.
  document.addEventListener('htmx:afterRequest', ({ detail: { xhr, requestConfig } }) => {
    const list = document.querySelector('[data-fresh]');
    if (!list || requestConfig.verb === 'get' || (xhr.status !== 404 && xhr.status !== 409)) return;
    window.htmx.ajax('GET', list.dataset.fresh, { source: list, target: list, swap: 'outerHTML' }).catch(() => {});
  });
  document.addEventListener('htmx:sendError', lost);
  document.addEventListener('htmx:timeout', lost);

  // A placed notice is about the last request, and the next one removes it.
  document.addEventListener('htmx:beforeRequest', (event) => {
    const cause = event.detail.requestConfig.triggeringEvent?.type;
    if (cause !== 'click' && cause !== 'submit') return;
    for (const area of document.querySelectorAll('[data-placed]')) {
      area.replaceChildren();
      area.removeAttribute('data-placed');
      area.setAttribute('role', 'status');
    }
  });
})();
