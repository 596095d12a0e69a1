/** The systemd unit: what it says, and that systemd itself finds nothing to object to. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serviceUnit, type UnitOptions } from "../../../hub/service/unit.js";

const options: UnitOptions = {
  name: "aryk",
  configFile: "/etc/aryk/hub.yaml",
  writable: ["/var/lib/aryk", "/var/lib/aryk/cap"],
  user: "aryk",
  node: process.execPath,
  serial: ["/dev/serial/by-id/usb-underpass-1", "/dev/ttyXRUSB0"],
};
/** Anything above this is called exposed by systemd itself; the unit had 2.0 when this was written. */
const MOST_EXPOSURE = 3;

describe("the systemd unit", () => {
  let dir = "";
  before(() => void (dir = mkdtempSync(join(tmpdir(), "aryk-unit-"))));
  after(() => rmSync(dir, { recursive: true, force: true }));

  it("leaves no placeholder open, writes to its state folder alone, and opens further devices by name", () => {
    const unit = serviceUnit(options);
    assert.doesNotMatch(unit, /@[A-Z_]+@/);
    assert.doesNotMatch(unit, /ReadWritePaths/);
    assert.match(unit, /^StateDirectory=aryk$/m);
    assert.match(unit, /^DeviceAllow=\/dev\/ttyXRUSB0 rw$/m);
    assert.doesNotMatch(unit, /by-id/);
    assert.match(unit, /^ExecStart=\S+ \S+\/build\/hub\/cli\/main\.js --config \/etc\/aryk\/hub\.yaml start$/m);
  });

  it("opens folders elsewhere, and takes systemd's signs in a path literally", () => {
    const unit = serviceUnit({
      ...options,
      configFile: '/etc/a b/50%$x"y.yaml',
      writable: ["/data/a b", "/data/a b/cap"],
    });
    assert.match(unit, /--config "\/etc\/a b\/50%%\$\$x\\"y\.yaml" start/);
    assert.deepEqual(unit.match(/^ReadWritePaths=.*$/gm), ['ReadWritePaths="/data/a b"']);
  });

  it("lets no name or path write a line of its own", () => {
    for (const bad of [
      { name: "a\nUser=root" },
      { user: "x\ny" },
      { configFile: "/a\n[Service]" },
      { serial: ["/dev/x\ny"] },
    ])
      assert.throws(() => serviceUnit({ ...options, ...bad }), { name: "SetupError" });
  });

  it("is sound and little exposed in systemd's own eyes", function () {
    if (spawnSync("systemd-analyze", ["--version"]).error !== undefined) {
      console.log("      skipped: systemd-analyze not installed (Debian package: systemd)");
      return this.skip();
    }
    // The program must be there for `verify`; the build may not be.
    const program = join(dir, "node");
    writeFileSync(program, "#!/bin/sh\n");
    chmodSync(program, 0o755);
    const file = join(dir, "aryk.service");
    writeFileSync(file, serviceUnit({ ...options, node: program }));
    const verify = spawnSync("systemd-analyze", ["verify", file], { encoding: "utf8" });
    assert.deepEqual([verify.status, verify.stderr.split("\n").filter((line) => line.includes("aryk"))], [0, []]);
    const args = ["security", "--offline=true", `--threshold=${MOST_EXPOSURE * 10}`, "--no-pager", file];
    const security = spawnSync("systemd-analyze", args, { encoding: "utf8" });
    assert.equal(security.status, 0, security.stdout.split("\n").slice(-3).join("\n") + security.stderr);
  });
});
