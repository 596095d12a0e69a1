/**
 * A message of the Common Alerting Protocol 1.2 (OASIS CAP-v1.2). The order of the fields is the order of the schema;
 * the serializer writes them in this order.
 */
export type CapStatus = "Actual" | "Exercise" | "System" | "Test" | "Draft";
export type CapMsgType = "Alert" | "Update" | "Cancel" | "Ack" | "Error";
export type CapScope = "Public" | "Restricted" | "Private";

export interface CapPair {
  valueName: string;
  value: string;
}

export interface CapArea {
  areaDesc: string;
  /** Each "lat,lon lat,lon …", closed. Latitude first, unlike GeoJSON. */
  polygon: string[];
  /** Each "lat,lon radiusKm". */
  circle: string[];
  geocode: CapPair[];
  altitude?: string;
  ceiling?: string;
}

export interface CapResource {
  resourceDesc: string;
  mimeType: string;
  size?: string;
  uri?: string;
  derefUri?: string;
  digest?: string;
}

export interface CapInfo {
  language?: string;
  category: string[];
  event: string;
  responseType: string[];
  urgency: "Immediate" | "Expected" | "Future" | "Past" | "Unknown";
  severity: "Extreme" | "Severe" | "Moderate" | "Minor" | "Unknown";
  certainty: "Observed" | "Likely" | "Possible" | "Unlikely" | "Unknown";
  audience?: string;
  eventCode: CapPair[];
  effective?: string;
  onset?: string;
  expires?: string;
  senderName?: string;
  headline?: string;
  description?: string;
  instruction?: string;
  web?: string;
  contact?: string;
  parameter: CapPair[];
  resource: CapResource[];
  area: CapArea[];
}

export interface CapAlert {
  identifier: string;
  sender: string;
  /** `YYYY-MM-DDThh:mm:ss+05:00`. */
  sent: string;
  status: CapStatus;
  msgType: CapMsgType;
  source?: string;
  scope: CapScope;
  restriction?: string;
  addresses?: string;
  code: string[];
  note?: string;
  /** Each "sender,identifier,sent". */
  references: string[];
  incidents?: string;
  info: CapInfo[];
}

const ALMATY_MS = 5 * 3_600_000;

/**
 * A moment as CAP writes it, by Almaty's clock (UTC+5 all year since 2024-03-01): whole seconds, never `Z`. Moments
 * before that date are written with the same offset, which names the same moment.
 */
export function capTime(unixMs: number): string {
  return new Date(unixMs + ALMATY_MS).toISOString().slice(0, 19) + "+05:00";
}
