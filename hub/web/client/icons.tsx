/** One shape for each condition, so that nothing is told by colour alone. */
import type { JSX } from "preact";

const SHAPES: Record<string, JSX.Element> = {
  calm: <path d="M5 12.5l4.5 4.5L19 7.5" fill="none" stroke="currentColor" stroke-width="3" />,
  raised: <path d="M12 3c4 5 6 8 6 11a6 6 0 0 1-12 0c0-3 2-6 6-11z" fill="currentColor" />,
  silent: (
    <g>
      <circle cx="12" cy="12" r="9" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="3 3" />
      <path
        d="M9 9.5a3 3 0 1 1 4 2.8c-.7.3-1 .8-1 1.7M12 16.5v1.5"
        fill="none"
        stroke="currentColor"
        stroke-width="2"
      />
    </g>
  ),
  failed: <path d="M6 6l12 12M18 6L6 18" fill="none" stroke="currentColor" stroke-width="3" />,
  suspect: (
    <g fill="none" stroke="currentColor" stroke-width="2">
      <path d="M12 3l9 9-9 9-9-9z" />
      <path d="M10 10a2 2 0 1 1 2.6 2c-.5.2-.6.6-.6 1.2M12 15.5v1" />
    </g>
  ),
  uncalibrated: (
    <path d="M4 15h16M6 15v-3M10 15v-5M14 15v-3M18 15v-5" fill="none" stroke="currentColor" stroke-width="2" />
  ),
  closed: (
    <g fill="none" stroke="currentColor" stroke-width="3">
      <circle cx="12" cy="12" r="9" />
      <path d="M7 12h10" />
    </g>
  ),
  full: <path d="M5 6h14M9 6V4h6v2M7 9h10l-1 12H8z" fill="currentColor" stroke="currentColor" stroke-width="2" />,
  siren: (
    <g fill="none" stroke="currentColor" stroke-width="2">
      <path d="M3 9v6h4l6 5V4L7 9z" fill="currentColor" />
      <path d="M16 8c2 2 2 6 0 8M19 5c4 4 4 10 0 14" />
    </g>
  ),
  beacon: (
    <g fill="none" stroke="currentColor" stroke-width="2">
      <path d="M7 19v-6a5 5 0 0 1 10 0v6zM4 20h16" fill="currentColor" />
      <path d="M12 2v3M3 6l3 2M21 6l-3 2" />
    </g>
  ),
  level1: (
    <g fill="none" stroke="currentColor" stroke-width="2">
      <path d="M2 12c5-7 15-7 20 0-5 7-15 7-20 0z" />
      <circle cx="12" cy="12" r="3" fill="currentColor" />
    </g>
  ),
  level2: <path d="M12 2L23 21H1zM11 9h2v6h-2zM11 17h2v2h-2z" fill="currentColor" fill-rule="evenodd" />,
  level3: <path d="M12 2a10 10 0 1 1 0 20 10 10 0 0 1 0-20zM5 10v4h14v-4z" fill="currentColor" fill-rule="evenodd" />,
  level4: <path d="M8 1h8l7 7v8l-7 7H8l-7-7V8zM11 5h2v9h-2zM11 16h2v3h-2z" fill="currentColor" fill-rule="evenodd" />,
};

export function Icon({ name }: { name: string }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      {SHAPES[name] ?? SHAPES.silent}
    </svg>
  );
}
