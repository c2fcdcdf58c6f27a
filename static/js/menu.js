// Menus are popovers, which open, close and give the focus back without a script.
// This adds the arrow keys, and closes a menu once something of it was chosen.
(() => {
  'use strict';

  const items = (menu) => [...menu.querySelectorAll('a, button')];

  const steps = { ArrowDown: 1, ArrowUp: -1 };

  function move(menu, key) {
    const all = items(menu);
    const ends = { Home: all[0], End: all.at(-1) };
    const next = all.indexOf(document.activeElement) + steps[key];
    (ends[key] ?? all.at(next < 0 ? -1 : next % all.length)).focus();
  }

  document.addEventListener('keydown', (event) => {
    const { key, target } = event;
    if (!(key in steps) && key !== 'Home' && key !== 'End') return;
    let menu = target.closest('.menu:popover-open');
    const button = target.closest('button[popovertarget]');
    if (!menu && button && key in steps) {
      menu = button.popoverTargetElement;
      if (!menu.matches(':popover-open')) menu.showPopover({ source: button });
    }
    if (!menu) return;
    event.preventDefault();
    move(menu, key);
  });
  document.addEventListener('click', (event) => {
    if (event.target.closest('a, form:not(.segments) button')) event.target.closest('.menu:popover-open')?.hidePopover();
  });
})();
