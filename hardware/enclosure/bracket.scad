// Bracket of a sensor that looks down, with its sun shield: printed in ASA, or a pattern for steel of 3 mm.
// openscad -D 'part="head"' -o head.stl bracket.scad; part is wall, arm, head, shield or all. Lengths in mm.

part = "all";

// From the wall to the sensor's axis. A beam of a few degrees wants 300 mm free to each side (hardware/mounts).
arm_length = 400;
arm_width = 40;
arm_height = 30;
wall_thickness = 4;

// Wall plate: anchors M8 as in the parts list, slots for straps of 20 mm around a pole.
plate_side = 130;
plate_thickness = 8;
anchor_hole = 9;
anchor_pitch = 90;
strap_slot = 22;

// Hole of the sensor. MB73xx: pipe thread 3/4 inch, 26.7 mm over its crests. Measure yours.
sensor_hole = 27.4;
head_side = 90;
head_thickness = 6;
// Three screws with springs set it plumb: 8 mm of travel on a circle of 70 mm are 6.5 degrees.
adjust_hole = 5.4;
adjust_circle = 70;
adjust_gap = 12;

// 20 mm of air between the sensor and its shield.
shield_side = 200;
shield_thickness = 3;
shield_gap = 20;
sensor_height = 45;
// Its four spacers stand on the arm's flange.
spacer_at = head_side / 2 - 7;
spacer_length = shield_gap + arm_height - head_thickness;

$fn = 48;

module rounded(length, width, height, radius) {
  linear_extrude(height) offset(r = radius) square([length - 2 * radius, width - 2 * radius], center = true);
}

module at_adjusters() {
  for (angle = [90, 210, 330]) rotate(angle) translate([adjust_circle / 2, 0, 0]) children();
}

// Upright plate; the arm leaves it towards +x at its middle.
module wall() {
  rotate([0, 90, 0]) difference() {
    union() {
      rounded(plate_side, plate_side, plate_thickness, 8);
      // Socket of the arm.
      translate([0, 0, plate_thickness]) difference() {
        rounded(arm_height + 2 * wall_thickness, arm_width + 2 * wall_thickness, 40, 4);
        translate([0, 0, -1]) rounded(arm_height + 0.4, arm_width + 0.4, 42, 2);
      }
      // Ribs: a push by hand must not move the face by more than 5 mm.
      for (side = [-1, 1]) translate([0, side * (arm_width / 2 + wall_thickness), plate_thickness]) rotate([90, 0, 0])
        linear_extrude(wall_thickness, center = true) polygon([[-plate_side / 2 + 10, 0], [plate_side / 2 - 10, 0], [arm_height / 2, 40], [-arm_height / 2, 40]]);
    }
    for (x = [-1, 1], y = [-1, 1]) translate([x * anchor_pitch / 2, y * anchor_pitch / 2, -1]) cylinder(d = anchor_hole, h = plate_thickness + 2);
    for (x = [-1, 1], y = [-1, 1]) translate([x * 30, y * (plate_side / 2 - 9), plate_thickness / 2])
      cube([strap_slot, 4, plate_thickness + 2], center = true);
    // Bolt through socket and arm, M6.
    translate([0, 0, plate_thickness + 20]) rotate([90, 0, 0]) cylinder(d = 6.4, h = 2 * plate_side, center = true);
  }
}

// Hollow, with the cable inside; along +x from the wall plate's face.
module arm() {
  difference() {
    translate([plate_thickness + arm_length / 2, 0, 0]) cube([arm_length, arm_width, arm_height], center = true);
    translate([plate_thickness + arm_length / 2, 0, 0])
      cube([arm_length + 2, arm_width - 2 * wall_thickness, arm_height - 2 * wall_thickness], center = true);
    translate([plate_thickness + 20, 0, 0]) rotate([90, 0, 0]) cylinder(d = 6.4, h = 2 * arm_width, center = true);
  }
  // Flange over the head.
  translate([plate_thickness + arm_length, 0, -arm_height / 2]) difference() {
    rounded(head_side, head_side, head_thickness, 6);
    translate([0, 0, -1]) cylinder(d = sensor_hole + 22, h = head_thickness + 2);
    translate([0, 0, -1]) at_adjusters() cylinder(d = adjust_hole, h = head_thickness + 2);
    for (x = [-1, 1], y = [-1, 1]) translate([x * spacer_at, y * spacer_at, -1]) cylinder(d = 4.4, h = head_thickness + 2);
  }
}

// Carries the sensor; hangs below the flange on three screws.
module head() {
  difference() {
    rounded(head_side, head_side, head_thickness, 6);
    translate([0, 0, -1]) cylinder(d = sensor_hole, h = head_thickness + 2);
    translate([0, 0, -1]) at_adjusters() cylinder(d = adjust_hole, h = head_thickness + 2);
  }
}

// White, open at its sides: air moves below it.
module shield() {
  difference() {
    rounded(shield_side, shield_side, shield_thickness, 10);
    for (x = [-1, 1], y = [-1, 1]) translate([x * spacer_at, y * spacer_at, -1]) cylinder(d = 4.4, h = shield_thickness + 2);
  }
  for (x = [-1, 1], y = [-1, 1]) translate([x * spacer_at, y * spacer_at, -spacer_length]) difference() {
    cylinder(d = 10, h = spacer_length);
    translate([0, 0, -1]) cylinder(d = 4.4, h = spacer_length + 2);
  }
}

if (part == "wall") wall();
else if (part == "arm") arm();
else if (part == "head") head();
else if (part == "shield") rotate([180, 0, 0]) shield();
else {
  axis = plate_thickness + arm_length;
  color("gainsboro") wall();
  color("silver") arm();
  translate([axis, 0, -arm_height / 2 - adjust_gap - head_thickness]) color("gray") head();
  // The sensor, for its place only: its face looks down.
  translate([axis, 0, -arm_height / 2 - adjust_gap - head_thickness - 20]) color("dimgray") cylinder(d = sensor_hole, h = sensor_height);
  at_adjusters_of_head(axis);
  translate([axis, 0, arm_height / 2 + shield_gap]) color("white") shield();
}

module at_adjusters_of_head(axis) {
  translate([axis, 0, -arm_height / 2 - adjust_gap - head_thickness - 4]) at_adjusters() color("black") cylinder(d = 5, h = adjust_gap + 2 * head_thickness + 8);
}
