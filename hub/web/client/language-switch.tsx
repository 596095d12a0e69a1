import type { JSX } from "preact";
import type { Language } from "../format.js";
import { LANGUAGE_NAMES, LANGUAGES, wordsOf } from "./words.js";

/** Each language under its own name: whoever cannot read the page can read this. */
export function LanguageSwitch({
  language,
  onChoose,
}: {
  language: Language;
  onChoose(to: Language): void;
}): JSX.Element {
  return (
    <div class="languages" role="group" aria-label={wordsOf(language).language}>
      {LANGUAGES.map((one) => (
        <button
          key={one}
          type="button"
          lang={one}
          aria-pressed={one === language}
          title={LANGUAGE_NAMES[one]}
          onClick={() => onChoose(one)}
        >
          <span aria-hidden="true">{one.toUpperCase()}</span>
          <span class="hidden">{LANGUAGE_NAMES[one]}</span>
        </button>
      ))}
    </div>
  );
}
