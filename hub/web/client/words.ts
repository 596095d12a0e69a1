/** The page's language: what the person chose last, else what the browser prefers, else Kazakh. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { en } from "../../words/page.en.js";
import type { PageWords } from "../../words/page.en.js";
import { kk } from "../../words/page.kk.js";
import { ru } from "../../words/page.ru.js";
import type { Language } from "../format.js";

export const LANGUAGES: Language[] = ["kk", "ru", "en"];
export const LANGUAGE_NAMES: Record<Language, string> = { kk: "Қазақша", ru: "Русский", en: "English" };
const CATALOGUE: Record<Language, PageWords> = { kk, ru, en };
const KEY = "aryk.language";

function known(text: string | null): Language | undefined {
  return LANGUAGES.find((language) => language === text?.slice(0, 2));
}

export function firstLanguage(): Language {
  return known(localStorage.getItem(KEY)) ?? navigator.languages.map(known).find((one) => one !== undefined) ?? "kk";
}

export function keepLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
}

export function wordsOf(language: Language): PageWords {
  return CATALOGUE[language];
}

export const LanguageContext = createContext<Language>("kk");

export function useWords(): { w: PageWords; language: Language } {
  const language = useContext(LanguageContext);
  return { w: CATALOGUE[language], language };
}
