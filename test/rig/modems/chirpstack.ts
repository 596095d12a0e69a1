/** A LoRaWAN network server as its MQTT integration shows itself (ChirpStack v4, JSON), for one device. */
import type { MqttClient } from "mqtt";
import { connectAsync } from "mqtt";

export const APPLICATION = "17c82e96-be03-4f38-aef3-f83d48582d97";

/** What it publishes of one message of a device; members may be laid over, or left out by `undefined`. */
export function uplinkEvent(devEui: string, port: number, data: Buffer, over: Record<string, unknown> = {}): string {
  return JSON.stringify({
    deduplicationId: "3ac7e3c4-4401-4b8d-9386-a5c902f9202d",
    time: "2026-07-18T09:34:15.775023242+00:00",
    deviceInfo: {
      tenantId: "52f14cd4-c6f1-4fbd-8f87-4025e1d49242",
      tenantName: "Almaty",
      applicationId: APPLICATION,
      applicationName: "aryk",
      deviceProfileId: "14855bf7-d10d-4aee-b618-ebfcb64dc7ad",
      deviceProfileName: "post",
      deviceName: "a name of its own",
      devEui,
      tags: {},
    },
    devAddr: "00189440",
    adr: true,
    dr: 5,
    fCnt: 4,
    fPort: port,
    confirmed: false,
    data: data.toString("base64"),
    rxInfo: [{ gatewayId: "0016c001f153a14c", uplinkId: 4217106255, rssi: -36, snr: 10.5, channel: 3 }],
    txInfo: { frequency: 868100000, modulation: { lora: { bandwidth: 125000, spreadingFactor: 7 } } },
    ...over,
  });
}

export interface NetworkServer {
  client: MqttClient;
  /** Messages that it was asked to send down to the device. */
  downs: { devEui: string; confirmed: boolean; fPort: number; data: Buffer }[];
  publish(port: number, data: Buffer, over?: Record<string, unknown>): Promise<void>;
}

/** The network server's side of the broker at `url`. */
export async function networkServer(url: string, devEui: string): Promise<NetworkServer> {
  const client = await connectAsync(url, { reconnectPeriod: 0 });
  const topic = `application/${APPLICATION}/device/${devEui}`;
  const downs: NetworkServer["downs"] = [];
  client.on("message", (_topic, payload) => {
    const { data, ...rest } = JSON.parse(payload.toString()) as { data: string } & NetworkServer["downs"][number];
    downs.push({ ...rest, data: Buffer.from(data, "base64") });
  });
  await client.subscribeAsync(`${topic}/command/down`, { qos: 1 });
  return {
    client,
    downs,
    async publish(port, data, over) {
      await client.publishAsync(`${topic}/event/up`, uplinkEvent(devEui, port, data, over), { qos: 1 });
    },
  };
}
