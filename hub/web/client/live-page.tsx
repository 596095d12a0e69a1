import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { SessionView, SiteView, Snapshot } from "../../api/views.js";
import { siteState } from "../state.js";
import type { SiteState } from "../state.js";
import { Alarms } from "./alarms.js";
import { CityMap } from "./city-map.js";
import { ContainerRow } from "./container-row.js";
import { SiteList } from "./site-list.js";
import { ReadingTable } from "./reading-table.js";
import { Sirens } from "./sirens.js";
import { UnderpassCard } from "./underpass-card.js";
import { useWords } from "./words.js";

export interface Moment {
  now: number;
  zoneMinutes: number;
}

interface LivePageProps {
  data: Snapshot;
  session: SessionView;
  now: number;
  lost: boolean;
}

/** How long what was done stays to be read. */
const DONE_MS = 10_000;

export function LivePage({ data, session, now, lost }: LivePageProps): JSX.Element {
  const { w } = useWords();
  const ofKind = (kind: string): SiteView[] => data.sites.filter((site) => site.kind === kind);
  const states = (kind: string, property: "water-depth" | "fill"): SiteState[] =>
    ofKind(kind).map((site) => siteState(site, data.latest[site.id], data.alarms, now, property));
  const underpasses = states("flood", "water-depth");
  const containers = states("waste", "fill");
  const others = [...ofKind("water"), ...ofKind("air")];
  const [done, setDone] = useState<{ text: string; at: number } | null>(null);
  const acting = { session, lost, now, onDone: (text: string) => setDone({ text, at: now }) };
  const moment = { now, zoneMinutes: data.zoneMinutes };
  return (
    <main class="live">
      <Alarms latest={data.latest} alarms={data.alarms} sites={data.sites} moment={moment} acting={acting} />
      {data.sirens.length > 0 && <Sirens sirens={data.sirens} sites={data.sites} moment={moment} acting={acting} />}
      <SiteList
        id="underpasses"
        title={w.underpasses}
        summary={w.summaryUnderpass}
        states={underpasses}
        atOnce={12}
        row={(state) => <UnderpassCard key={state.site.id} state={state} moment={moment} acting={acting} />}
      />
      <CityMap shown={[...underpasses, ...containers]} others={others} latest={data.latest} now={now} />
      <SiteList
        id="containers"
        title={w.containers}
        summary={w.summaryContainer}
        states={containers}
        atOnce={15}
        row={(state) => (
          <ContainerRow key={state.site.id} state={state} weight={data.latest[state.site.id]?.weight} moment={moment} />
        )}
      />
      <ReadingTable
        id="reservoirs"
        title={w.reservoirs}
        sites={ofKind("water")}
        latest={data.latest}
        moment={moment}
        columns={[
          { property: "water-level", title: w.level, unit: w.metre, decimals: 2, scale: 0.001 },
          { property: "water-volume", title: w.volume, unit: w.m3, decimals: 0, scale: 1 },
          { property: "temperature", title: w.temperature, unit: w.celsius, decimals: 1, scale: 1 },
        ]}
      />
      <ReadingTable
        id="eco-posts"
        title={w.ecoPosts}
        note={w.indication}
        sites={ofKind("air")}
        latest={data.latest}
        moment={moment}
        columns={[
          { property: "pm25", title: w.pm25, unit: w.ugm3, decimals: 1, scale: 1 },
          { property: "no2", title: w.no2, unit: w.ppb, decimals: 1, scale: 1 },
          { property: "temperature", title: w.temperature, unit: w.celsius, decimals: 1, scale: 1 },
          { property: "humidity", title: w.humidity, unit: w.percent, decimals: 0, scale: 1 },
        ]}
      />
      <p role="status" class="done">
        {done !== null && now - done.at < DONE_MS && done.text}
      </p>
    </main>
  );
}
