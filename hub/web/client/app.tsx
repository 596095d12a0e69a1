/** The one page: who looks, in which language, and whether what is shown is still true. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { SessionView } from "../../api/views.js";
import type { Language } from "../format.js";
import { session as askSession } from "./api.js";
import { BoardsPage } from "./boards-page.js";
import { Header, LinkBanner } from "./header.js";
import { LanguageSwitch } from "./language-switch.js";
import { connect, hubNow } from "./live.js";
import type { LiveState } from "./live.js";
import { LivePage } from "./live-page.js";
import { Login } from "./login.js";
import { RolloutsPage } from "./rollouts-page.js";
import { firstLanguage, keepLanguage, LanguageContext, wordsOf } from "./words.js";

/** Redraws once a second, so that ages tick, also (and above all) when nothing arrives. */
function useSeconds(): void {
  const [, setTick] = useState(0);
  useEffect(() => {
    const timer = window.setInterval(() => setTick((n) => n + 1), 1000);
    return () => window.clearInterval(timer);
  }, []);
}

interface LiveProps {
  session: SessionView;
  languages: JSX.Element;
  onBye(): void;
  onLogin(): void;
}

function Live({ session, languages, onBye, onLogin }: LiveProps): JSX.Element {
  const [state, setState] = useState<LiveState | null>(null);
  useEffect(() => connect(setState, onBye), []);
  useSeconds();
  const lost = state?.link === "lost";
  const data = state?.data ?? null;
  const now = state === null ? Date.now() : hubNow(state);
  return (
    <div class={lost ? "blind" : undefined}>
      <LinkBanner state={state} />
      <Header session={session} data={data} now={now} lost={lost} onLogin={onLogin} onLogout={onBye}>
        {languages}
      </Header>
      {location.pathname === "/boards" ? (
        <BoardsPage session={session} />
      ) : location.pathname === "/rollouts" ? (
        data !== null && <RolloutsPage session={session} lost={lost} zoneMinutes={data.zoneMinutes} />
      ) : (
        data !== null && <LivePage data={data} session={session} now={now} lost={lost} />
      )}
    </div>
  );
}

export function App(): JSX.Element {
  const [language, setLanguage] = useState<Language>(firstLanguage);
  const [session, setSession] = useState<SessionView | null>(null);
  const [wantsLogin, setWantsLogin] = useState(location.pathname === "/login");

  const looking = useRef(false);
  async function look(): Promise<void> {
    if (looking.current) return;
    looking.current = true;
    const answer = await askSession();
    looking.current = false;
    if (answer.ok) setSession(answer.value);
    else window.setTimeout(() => void look(), 3000);
  }
  useEffect(() => void look(), []);
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = wordsOf(language).title;
  }, [language]);

  function choose(next: Language): void {
    keepLanguage(next);
    setLanguage(next);
  }
  function enter(next: SessionView): void {
    setSession(next);
    setWantsLogin(false);
    if (location.pathname === "/login") history.replaceState(null, "", "/");
  }

  const languages = <LanguageSwitch language={language} onChoose={choose} />;
  const mayLook = session !== null && (session.person !== null || session.anonymousViewer);
  return (
    <LanguageContext.Provider value={language}>
      {session === null ? (
        <p class="banner" role="status">
          {wordsOf(language).linkFirst}
        </p>
      ) : mayLook && !wantsLogin ? (
        <Live
          key={session.csrf}
          session={session}
          onBye={() => void look()}
          onLogin={() => setWantsLogin(true)}
          languages={languages}
        />
      ) : (
        <Login onSession={enter} onBack={mayLook ? () => setWantsLogin(false) : null} languages={languages} />
      )}
    </LanguageContext.Provider>
  );
}
