/** Where a post is: sentences of NMEA 0183, and what must be a fault rather than a place. */
import assert from "node:assert/strict";
import { degrees, createNmeaParser, type Place } from "../../firmware/sensors/gnss/frame.js";
import { gga, sentence } from "../../firmware/sensors/gnss/sim.js";
import type { Framer } from "../../firmware/sensors/framer.js";
import type { Outcome } from "../../firmware/sensors/sensor.js";

function outcomes<T>(create: (on: (o: Outcome<T>) => void) => Framer, stream: string): (T | string)[] {
  const found: (T | string)[] = [];
  create((o) => found.push(o.ok ? o.value : o.fault)).push(stream);
  return found;
}

const near = (actual: number, expected: number, within: number): void =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not ${expected}`);

describe("sentences of NMEA", () => {
  const HERE: Place = { latitudeDeg: 43.25206, longitudeDeg: 76.90535, hdop: 0.9 };

  it("reads degrees and minutes that stand without a mark between them", () => {
    near(degrees("4315.12345", 1), 43 + 15.12345 / 60, 1e-9);
    near(degrees("07654.321", -1), -(76 + 54.321 / 60), 1e-9);
    near(degrees("00000.00001", 1), 1 / 6e6, 1e-12);
    for (const bad of ["", "43", "4x15.1", "4315.1.2", "4315.1x", "4360.0"])
      assert.ok(Number.isNaN(degrees(bad, 1)), bad);
  });

  it("reads a sentence of a real receiver's form, from any system", () => {
    // The standard's own example, from GPS alone.
    const found = outcomes(
      createNmeaParser,
      "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47\r\n" + gga(HERE),
    ) as Place[];
    near(found[0].latitudeDeg, 48.1173, 1e-6);
    near(found[0].longitudeDeg, 11.516667, 1e-6);
    assert.equal(found[0].hdop, 0.9);
    near(found[1].latitudeDeg, HERE.latitudeDeg, 1e-7);
    near(found[1].longitudeDeg, HERE.longitudeDeg, 1e-7);
  });

  it("knows the south and the west", () => {
    const [found] = outcomes(createNmeaParser, gga({ latitudeDeg: -33.5, longitudeDeg: -70.25, hdop: 2 })) as Place[];
    assert.deepEqual(found, { latitudeDeg: -33.5, longitudeDeg: -70.25, hdop: 2 });
  });

  it("has no place without a fix, by hand, simulated, or with figures missing", () => {
    const of = (fix: string, latitude = "4315.12345,N") =>
      outcomes(createNmeaParser, sentence(`GNGGA,061530.00,${latitude},07654.32100,E,${fix},09,0.90,845.3,M,,M,,`));
    for (const fix of ["0", "", "6", "7", "8"]) assert.deepEqual(of(fix), ["no-fix"], fix);
    for (const fix of ["1", "2", "4", "5"]) assert.equal(typeof of(fix)[0], "object", fix);
    assert.deepEqual(of("1", ","), ["no-fix"]);
    assert.deepEqual(of("1", "4315.12345,E"), ["no-fix"]);
    assert.deepEqual(outcomes(createNmeaParser, gga(null)), ["no-fix"]);
  });

  it("skips other sentences, and says so when one is damaged", () => {
    const rmc = sentence("GNRMC,061530.00,A,4315.12345,N,07654.32100,E,0.04,,231126,,,A");
    assert.deepEqual(outcomes(createNmeaParser, rmc), []);
    assert.deepEqual(outcomes(createNmeaParser, rmc.replace("A,43", "A,44")), ["checksum"]);
  });
});
