// What Django's JavaScript catalogue gives scripts in a browser, in English. Import it before the script.
globalThis.gettext = (sentence) => sentence;
globalThis.ngettext = (one, many, count) => (count === 1 ? one : many);
globalThis.interpolate = (sentence, values) => sentence.replace(/%\((\w+)\)s/g, (_, name) => String(values[name]));
