/**
 * The second peer: a Node-RED flow as people draw it. mqtt in → function (one point) → join (500 or 1 s) → InfluxDB batch
 * of node-red-contrib-influxdb. The same fields as the hub's, made as cheaply as in plain.ts.
 */

/** Source of the function node. */
const POINT = `
const [, district, kind, site] = msg.topic.split("/");
const m = msg.payload;
const flag = (value, min, max) => (value >= min && value <= max ? 1 : 4);
const pm25 = 0.524 * m.pm25_cf1 - 0.0862 * m.humidity + 5.75;
const no2 = 3 + 2.1 * m.no2_we - 1.9 * m.no2_ae;
return { payload: {
  measurement: "air",
  tags: { district, kind, site },
  timestamp: m.t,
  fields: {
    board: Number(site.slice(4)),
    pm25_cf1: m.pm25_cf1, pm25_cf1_flag: flag(m.pm25_cf1, 0, 1000),
    temperature: m.temperature, temperature_flag: flag(m.temperature, -40, 60),
    humidity: m.humidity, humidity_flag: flag(m.humidity, 0, 100),
    no2_we: m.no2_we, no2_we_flag: flag(m.no2_we, 0, 2048),
    no2_ae: m.no2_ae, no2_ae_flag: flag(m.no2_ae, 0, 2048),
    pm25, pm25_flag: flag(pm25, 0, 1000), pm25_cal: 1,
    no2, no2_flag: flag(no2, 0, 2000), no2_cal: 1,
  },
} };
`;

/** The flow file. Ids must differ from every property's value: Node-RED takes equal ones for references. */
export function flowOf(mqttPort: number, influxPort: number, database: string): object[] {
  const node = (id: string, type: string, wires: string[][], more: object): object => {
    return { id, type, z: "tab1", name: "", x: 100, y: 100, wires, ...more };
  };
  return [
    { id: "tab1", type: "tab", label: "ingest", disabled: false, info: "" },
    {
      ...{ id: "broker1", type: "mqtt-broker", name: "", broker: "127.0.0.1", port: String(mqttPort) },
      ...{ clientid: "ingest", autoConnect: true, usetls: false, protocolVersion: "4", keepalive: "60" },
      ...{ cleansession: false, autoUnsubscribe: false },
    },
    {
      ...{
        id: "influx1",
        type: "influxdb",
        hostname: "127.0.0.1",
        port: String(influxPort),
        protocol: "http",
        database,
      },
      ...{ name: "", usetls: false, tls: "", influxdbVersion: "1.x", url: "", rejectUnauthorized: true },
    },
    node("n-in", "mqtt in", [["n-point"]], {
      topic: "city/+/+/+",
      qos: "1",
      datatype: "json",
      broker: "broker1",
      nl: false,
    }),
    node("n-point", "function", [["n-gather"]], { func: POINT, outputs: 1, timeout: 0, noerr: 0, libs: [] }),
    node("n-gather", "join", [["n-out"]], {
      ...{ mode: "custom", build: "array", property: "payload", propertyType: "msg", key: "topic" },
      ...{ joiner: "\\n", joinerType: "str", useparts: false, accumulate: false, timeout: "1", count: "500" },
    }),
    node("n-out", "influxdb batch", [], { influxdb: "influx1", precision: "ms", retentionPolicy: "" }),
  ];
}

/** Node-RED's settings file: its defaults, but nothing that asks the internet and no page open to the network. */
export const SETTINGS =
  `module.exports = { uiHost: "127.0.0.1", flowFile: "flows.json", telemetry: { enabled: false },\n` +
  `  editorTheme: { tours: false }, externalModules: { palette: { allowInstall: false } },\n` +
  `  logging: { console: { level: "info", metrics: false, audit: false } } };\n`;
