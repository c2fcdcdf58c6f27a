// What every page gets. Nothing here is needed to use the console, but for the
// clipboard: each part makes smoother what works as links and forms.
(() => {
  'use strict';

  // Style shows what needs a script only from here on.
  document.documentElement.classList.add('js');

  // A page kept by the browser may be one of somebody who has signed out since.
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });

  // Fields to copy from are selected whole when they are reached. A click sets
  // the caret after that, so a click that selected nothing is followed up.
  let arrived = null;
  document.addEventListener('focusin', (event) => {
    const field = event.target;
    if (!field.matches('textarea[readonly]')) return;
    field.select();
    arrived = field;
  });
  document.addEventListener('click', (event) => {
    const field = event.target;
    if (field === arrived && field.selectionStart === field.selectionEnd) field.select();
    arrived = null;
  });

  // Choosing a theme leads back to what is shown then, which a search may have
  // changed since the page came.
  const loaded = location.href;
  document.addEventListener('submit', (event) => {
    if (!event.target.matches('.footer form') || location.href === loaded) return;
    event.target.elements.back.value = location.pathname + location.search;
  });

  // A notice that lies over the page can be taken away.
  document.addEventListener('click', (event) => {
    const notice = event.target.closest('.dismiss')?.closest('[data-notice]');
    if (!notice) return;
    notice.replaceChildren();
    document.getElementById('main').focus({ preventScroll: true });
  });
})();
