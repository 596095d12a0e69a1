/**
 * An I²C bus for the real interpreter, which has none on Linux: a script that stands in `.boot0` and takes the place of
 * the bus's two calls. SHT31 at 0x44 and ADS1115 at 0x48, with fixed values, in the interpreter's own language.
 */
import { crc8 } from "../../firmware/sensors/sht31/frame.js";

/** Raw words of the SHT31, and millivolts at the four inputs of the ADS1115 at its ±2.048 V range. */
export interface I2cScene {
  temperatureWord: number;
  humidityWord: number;
  inputMv: [number, number, number, number];
}

export function i2cScript(scene: I2cScene): string {
  const word = (value: number) => [value >> 8, value & 255, crc8(value >> 8, value & 255)];
  const sht31 = JSON.stringify([...word(scene.temperatureWord), ...word(scene.humidityWord)]);
  const codes = JSON.stringify(scene.inputMv.map((mv) => Math.round((mv / 2048) * 32768)));
  return [
    `(function(){`,
    `var pointer=0,config=0;`,
    `I2C1.setup=function(){};`,
    `I2C1.writeTo=function(a,b){if(a!=68&&a!=72)throw new Error("nobody");`,
    `if(a==72){pointer=b[0];if(b.length==3)config=b[1]<<8|b[2];}};`,
    `I2C1.readFrom=function(a){if(a==68)return new Uint8Array(${sht31});`,
    `var v=pointer==1?config|0x8000:${codes}[(config>>12)&3];return new Uint8Array([v>>8,v&255]);};`,
    `})();`,
  ].join("\n");
}
