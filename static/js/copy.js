// Copying. Success is reported only if it is certain: a secret that is wrongly
// reported as copied is lost.
(() => {
  'use strict';

  const successDuration = 2000; // ms that a button shows success
  const errorDuration = 10000; // ms that an error message is shown

  // What a button copies: the text of the element that data-copy names or, in a row
  // of keys, the whole key.
  function sourceOf(button) {
    if (button.dataset.copy) {
      const element = document.querySelector(button.dataset.copy);
      return element && { element, text: element.textContent };
    }
    const row = button.closest('tr');
    return { element: row.querySelector('code'), text: row.dataset.key };
  }

  const select = (element) => getSelection().selectAllChildren(element);

  // The fallback if the clipboard API is missing (plain http) or refuses: the browser
  // copies the selection and fires an event. The element itself is selected, since
  // nothing outside an open dialog can be.
  function copySelected({ element, text }) {
    let copied = false;
    const listen = (event) => {
      if (!event.clipboardData) return;
      event.clipboardData.setData('text/plain', text);
      event.preventDefault();
      event.stopImmediatePropagation();
      copied = true;
    };
    select(element);
    document.addEventListener('copy', listen, true);
    try {
      copied = document.execCommand('copy') && copied;
    } catch {
      copied = false;
    }
    document.removeEventListener('copy', listen, true);
    return copied;
  }

  async function copy({ text }) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;
    }
  }

  const timers = new WeakMap();
  const visible = (selector) => [...document.querySelectorAll(`dialog[open] ${selector}`), ...document.querySelectorAll(selector)][0];

  function showSuccess(button) {
    const label = button.textContent && 'Copy';
    button.classList.add('copied');
    if (label) button.textContent = 'Copied';
    const status = visible('[data-status]');
    status.textContent = '';
    // A screen reader announces the same text again only after a pause.
    setTimeout(() => { status.textContent = 'Copied'; }, 50);
    timers.set(button, setTimeout(() => {
      button.classList.remove('copied');
      if (label) button.textContent = label;
      status.textContent = '';
    }, successDuration));
  }

  // The value stays selected, so that the keys copy it.
  function showFailure(button, { element, text }) {
    if (element.textContent !== text) element.textContent = text;
    select(element);
    const area = visible('[data-notice]');
    area.dispatchEvent(new CustomEvent('notice', { bubbles: true, detail: { kind: 'warning', words: 'not-copied' } }));
    area.setAttribute('data-placed', '');
    const message = area.firstElementChild;
    timers.set(button, setTimeout(() => { message.remove(); }, errorDuration));
  }

  // A masked value is copied as dots. The keys and the menu's Copy copy the selected
  // text instead.
  document.addEventListener('copy', (event) => {
    const selection = getSelection();
    if (!selection.rangeCount) return;
    const start = selection.anchorNode;
    const element = start instanceof Element ? start : start.parentElement;
    if (!element?.closest('.value > code, .value > pre')) return;
    event.clipboardData.setData('text/plain', selection.getRangeAt(0).cloneContents().textContent);
    event.preventDefault();
  });

  document.addEventListener('click', async (event) => {
    const button = event.target.closest('[data-copy]');
    const source = button && sourceOf(button);
    if (!source) return;
    let copied = await copy(source);
    if (!copied) {
      copied = copySelected(source);
      if (copied) button.focus();
    }
    clearTimeout(timers.get(button));
    if (copied) showSuccess(button);
    else showFailure(button, source);
  });
})();
