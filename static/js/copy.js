// Copying. A secret that was said to be copied and was not is lost, so success
// is said only where it is known.
(() => {
  'use strict';

  const shown = 2000; // ms that a button says it worked
  const read = 10000; // ms that a sentence stays

  const valueOf = (element) => ('value' in element ? element.value : element.textContent);

  function select(element) {
    if ('select' in element) {
      element.focus();
      element.select();
      element.setSelectionRange(0, element.value.length);
      return;
    }
    getSelection().selectAllChildren(element);
  }

  // The old way, where the clipboard interface is missing (plain http) or
  // refuses: the browser copies what is selected, and tells by an event. The
  // element itself is selected, since nothing outside an open dialog can be.
  function copySelected(element) {
    let copied = false;
    const listen = (event) => {
      const inside = event.target === element || element.contains(event.target) ||
        event.target.contains(element);
      if (!inside || !event.clipboardData) return;
      event.clipboardData.setData('text/plain', valueOf(element));
      event.preventDefault();
      copied = true;
    };
    select(element);
    document.addEventListener('copy', listen);
    try {
      copied = document.execCommand('copy') && copied;
    } catch {
      copied = false;
    }
    document.removeEventListener('copy', listen);
    return copied;
  }

  async function copy(element) {
    try {
      await navigator.clipboard.writeText(valueOf(element));
      return true;
    } catch {
      return false;
    }
  }

  const timers = new WeakMap();

  function tell(button, copied) {
    const status = button.parentElement.querySelector('[role="status"]');
    clearTimeout(timers.get(button));
    button.classList.toggle('copied', copied);
    status.classList.toggle('copy-failed', !copied);
    status.textContent = '';
    // Said again only as a change after a moment without it.
    setTimeout(() => {
      status.textContent = copied ?
        button.querySelector('.copy-done').textContent : document.getElementById('copy-failed').content.textContent;
    }, 50);
    timers.set(button, setTimeout(() => {
      button.classList.remove('copied');
      status.textContent = '';
    }, copied ? shown : read));
  }

  // What style masks is copied as it looks, as dots. Whoever presses the keys,
  // or takes Copy from a menu, gets what is selected.
  document.addEventListener('copy', (event) => {
    const field = event.target;
    if (!field.matches?.('.secret-value')) return;
    event.clipboardData.setData('text/plain', field.value.slice(field.selectionStart, field.selectionEnd));
    event.preventDefault();
  });

  document.addEventListener('click', async (event) => {
    const button = event.target.closest('[data-copy]');
    const element = button && document.querySelector(button.dataset.copy);
    if (!element) return;
    let copied = await copy(element);
    if (!copied) {
      copied = copySelected(element);
      if (copied) button.focus();
    }
    tell(button, copied);
  });
})();
