import type { ComponentChildren, JSX } from "preact";
import type { SessionView, Snapshot } from "../../api/views.js";
import { clockTime, fill } from "../format.js";
import { healthText } from "../health-text.js";
import { post } from "./api.js";
import type { LiveState } from "./live.js";
import { useWords } from "./words.js";

/** Says when what stands below is no longer true. Read out at once by screen readers. */
export function LinkBanner({ state }: { state: LiveState | null }): JSX.Element {
  const { w } = useWords();
  const zone = state?.data?.zoneMinutes ?? 0;
  const lost = state?.link === "lost";
  const first = state === null || (state.link === "first" && state.data === null);
  return (
    <div role="alert">
      {lost && state.data !== null && (
        <p class="banner lost">{fill(w.linkLost, { time: clockTime(state.lostAt ?? state.data.now, zone) })}</p>
      )}
      {((lost && state.data === null) || first) && <p class="banner">{w.linkFirst}</p>}
    </div>
  );
}

interface HeaderProps {
  session: SessionView;
  data: Snapshot | null;
  now: number;
  /** Nothing of the hub is known now: neither its time nor how it is. */
  lost: boolean;
  children: ComponentChildren;
  onLogin(): void;
  onLogout(): void;
}

export function Header({ session, data, now, lost, children, onLogin, onLogout }: HeaderProps): JSX.Element {
  const { w, language } = useWords();
  const health = data?.health;
  const healthWord = { ok: w.hubOk, degraded: w.hubDegraded, down: w.hubDown };
  const { person } = session;
  const pages = [
    ["/", w.overview],
    ["/boards", w.boards],
    ["/rollouts", w.rollout.title],
  ];

  async function logout(): Promise<void> {
    await post("/api/v1/logout", {}, session.csrf);
    onLogout();
  }

  return (
    <header>
      <h1>
        <img src="/icon.svg" alt="" width="32" height="32" /> Aryk
      </h1>
      {data !== null && !lost && <time class="clock">{clockTime(now, data.zoneMinutes)}</time>}
      {lost && <span class="gone">{w.hubGone}</span>}
      {health !== undefined && !lost && (
        <details class={`health ${health.status}`}>
          <summary>{healthWord[health.status]}</summary>
          <ul>
            {health.reasons.map((r) => (
              <li key={r.component + r.code}>
                <b>{r.component}</b>: {healthText(r, w, language)}
              </li>
            ))}
          </ul>
        </details>
      )}
      <span class="grow" />
      {children}
      {person === null ? (
        <span class="who">
          <span class="muted">{w.anonymous}</span>{" "}
          <button type="button" onClick={onLogin}>
            {w.login}
          </button>
        </span>
      ) : (
        <span class="who">
          {(person.role === "technician" || person.role === "admin") && (
            <>
              {pages.map(([path, name]) => path !== location.pathname && <a href={path}>{name}</a>)}
              <a href="/flows/editor/">{w.flowsEditor}</a>
            </>
          )}{" "}
          <b>{person.name}</b>{" "}
          <button type="button" onClick={() => void logout()}>
            {w.logout}
          </button>
        </span>
      )}
    </header>
  );
}
