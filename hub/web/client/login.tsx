import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { SessionView } from "../../api/views.js";
import { fill } from "../format.js";
import { post } from "./api.js";
import { useWords } from "./words.js";

interface LoginProps {
  languages: JSX.Element;
  onSession(session: SessionView): void;
  /** Back to the page, if it may be seen without a login. */
  onBack: (() => void) | null;
}

export function Login({ languages, onSession, onBack }: LoginProps): JSX.Element {
  const { w } = useWords();
  const [fault, setFault] = useState("");
  const [busy, setBusy] = useState(false);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    const body = { name: String(form.get("name")).trim(), password: String(form.get("password")) };
    const answer = await post<SessionView>("/api/v1/login", body, null);
    setBusy(false);
    if (answer.ok) onSession(answer.value);
    else if (answer.status === 429) setFault(fill(w.tooManyTries, { seconds: answer.waitS ?? 60 }));
    else
      setFault(
        answer.status === 401
          ? w.wrongLogin
          : answer.status === 0
            ? w.hubAway
            : fill(w.failedAct, { why: answer.message }),
      );
  }

  return (
    <main class="login">
      <h1>
        <img src="/icon.svg" alt="" width="40" height="40" /> Aryk
      </h1>
      {languages}
      <form method="post" action="/login" onSubmit={(event) => void submit(event)}>
        <label>
          {w.name}
          <input name="name" autocomplete="username" autocapitalize="none" required maxLength={64} />
        </label>
        <label>
          {w.password}
          <input name="password" type="password" autocomplete="current-password" required maxLength={200} />
        </label>
        <p role="alert" class="fault">
          {fault}
        </p>
        <button type="submit" class="primary" disabled={busy}>
          {w.login}
        </button>
        {onBack !== null && (
          <button type="button" onClick={onBack}>
            {w.cancel}
          </button>
        )}
      </form>
    </main>
  );
}
