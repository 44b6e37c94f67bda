// The language of the page, for the few words that only scripts say.

const chinese = globalThis.document?.documentElement.lang.startsWith("zh") ?? false;

export const t = (en, zh) => (chinese ? zh : en);

export const element = (name, text, properties = {}) => Object.assign(document.createElement(name), { textContent: text, ...properties });
