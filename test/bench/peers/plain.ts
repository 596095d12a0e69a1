/**
 * The first peer: what people write when they need "MQTT into InfluxDB". mqtt.js and InfluxDB's own client, with their
 * defaults. It stores the same fields as the hub, made in the cheapest way that is not a fake: flags by a range check,
 * derived values by the formula with its constants in the code.
 */
import { InfluxDB, Point } from "@influxdata/influxdb-client";
import mqtt from "mqtt";

const { mqttUrl, influxUrl, database } = JSON.parse(process.argv[2]) as {
  mqttUrl: string;
  influxUrl: string;
  database: string;
};

interface Message {
  t: number;
  seq: number;
  pm25_cf1: number;
  temperature: number;
  humidity: number;
  no2_we: number;
  no2_ae: number;
}

// One default is changed: lines that do not fill a batch of 1,000 are sent after 1 s and not after 60.
const api = new InfluxDB({ url: influxUrl }).getWriteApi("", "", "ms", { flushInterval: 1000 });
api.path = `/write?db=${database}&precision=ms`; // InfluxDB 1.6

const flag = (value: number, min: number, max: number): number => (value >= min && value <= max ? 1 : 4);

const client = mqtt.connect(mqttUrl, { clientId: "ingest", clean: false });
client.on("error", (error) => console.error("mqtt", error.message));
client.on("connect", () => {
  client.subscribe("city/+/+/+", { qos: 1 }, () => console.log("subscribed"));
});
client.on("message", (topic, payload) => {
  const [, district, kind, site] = topic.split("/");
  const m = JSON.parse(payload.toString()) as Message;
  const pm25 = 0.524 * m.pm25_cf1 - 0.0862 * m.humidity + 5.75;
  const no2 = 3 + 2.1 * m.no2_we - 1.9 * m.no2_ae;
  api.writePoint(
    new Point("air")
      .tag("district", district)
      .tag("kind", kind)
      .tag("site", site)
      .floatField("board", Number(site.slice(4)))
      .floatField("pm25_cf1", m.pm25_cf1)
      .floatField("pm25_cf1_flag", flag(m.pm25_cf1, 0, 1000))
      .floatField("temperature", m.temperature)
      .floatField("temperature_flag", flag(m.temperature, -40, 60))
      .floatField("humidity", m.humidity)
      .floatField("humidity_flag", flag(m.humidity, 0, 100))
      .floatField("no2_we", m.no2_we)
      .floatField("no2_we_flag", flag(m.no2_we, 0, 2048))
      .floatField("no2_ae", m.no2_ae)
      .floatField("no2_ae_flag", flag(m.no2_ae, 0, 2048))
      .floatField("pm25", pm25)
      .floatField("pm25_flag", flag(pm25, 0, 1000))
      .floatField("pm25_cal", 1)
      .floatField("no2", no2)
      .floatField("no2_flag", flag(no2, 0, 2000))
      .floatField("no2_cal", 1)
      .timestamp(m.t),
  );
});
process.on("SIGTERM", () => {
  void api.close().finally(() => process.exit(0));
});
