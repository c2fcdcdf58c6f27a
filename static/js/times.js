// Shows times in the reader's own zone. The server writes them in UTC.
(() => {
  'use strict';

  const language = document.documentElement.lang === 'en' ? 'en-GB' : document.documentElement.lang;
  const date = { day: 'numeric', month: 'short', year: 'numeric' };
  const minute = { ...date, hour: '2-digit', minute: '2-digit', timeZoneName: 'short' };
  const formats = {
    day: new Intl.DateTimeFormat(language, date),
    minute: new Intl.DateTimeFormat(language, minute),
  };

  // As the server writes it, so that nothing moves.
  const write = (format, at) => format.format(at).replace('Sept', 'Sep');

  const until = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' });

  const convert = (root) => {
    for (const time of root.querySelectorAll('time[datetime]')) {
      const at = new Date(time.dateTime);
      if (time.dataset.zone) time.textContent = write(formats[time.dataset.zone], at);
      if ('until' in time.dataset) time.textContent = `That is until ${until.format(at)}.`;
      if (time.title) time.title = write(formats.minute, at);
    }
  };

  convert(document);
  document.addEventListener('htmx:afterSwap', ({ detail: { target } }) => {
    convert(target.isConnected ? target : document.getElementById(target.id) ?? document);
  });
})();
