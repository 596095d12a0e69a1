/** A server certificate for 127.0.0.1, signed by itself, made by openssl as an operator would. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Makes it in `dir`; names of its PEM files. */
export function certificate(dir: string, name = "server"): { cert: string; key: string } {
  const [cert, key] = [join(dir, `${name}.pem`), join(dir, `${name}.key`)];
  const what = ["-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", `/CN=${name}`];
  const files = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert];
  execFileSync("openssl", ["req", "-x509", ...what, ...files], { stdio: "ignore" });
  return { cert, key };
}
