/**
 * What is derived from a board's key, on the board and in the hub alike: the password at an MQTT broker, and the next
 * key when the hub asks for a new one. `mac` gives the tag of a text under the key, as in seal.ts. No text that is
 * tagged here can be a line: a line has eight fields and begins with its version.
 *
 * A new key is asked for by a `command` line, sealed with the key in force and bound to the line it follows. Its body is
 * `rotate,<keyId>,<nonce>`. Nothing secret crosses the wire: both sides derive the new key from the old one. The board's
 * answer is a hello that is sealed with the new key.
 */
type Mac = (text: string) => string;

const ROTATE = "rotate";

/** The body of the command; `nonce` is random, 16 hexadecimal digits. */
export function rotateBody(keyId: string, nonce: string): string {
  return ROTATE + "," + keyId + "," + nonce;
}

/** The name of the key that a command asks for; empty when it asks for something else. */
export function askedKeyId(body: string): string {
  const word = body.split(",");
  return word.length === 3 && word[0] === ROTATE ? word[1] : "";
}

/** The new key that a command's body leads to: 32 bytes as hexadecimal digits. */
export function nextKey(mac: Mac, board: string, body: string): string {
  const text = "aryk key " + board + " " + body + " ";
  return mac(text + "1") + mac(text + "2");
}

/** What a board logs in with at an MQTT broker: the key itself never crosses the wire. */
export function mqttPasswordOf(mac: Mac, board: string): string {
  return mac("aryk mqtt " + board);
}
