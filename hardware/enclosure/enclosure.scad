// Box of a battery post: printed in ASA where no polycarbonate box of the size is at hand.
// openscad -D 'part="lid"' -o lid.stl enclosure.scad; part is box, lid, plate or all. Lengths in mm.

part = "all";

// Inside, as the parts list asks (hardware/parts/housing.ts: box-small).
inner_length = 150;
inner_width = 100;
inner_height = 60;

wall = 3;
floor_thickness = 3;
corner = 8;

// Holes in the lower wall: glands and the breathing plug, M12 x 1.5.
glands = 3;
gland_hole = 12.4;
gland_pitch = 30;
// Antenna in the upper wall: SMA or N by its own thread.
antenna_hole = 6.5;

// Cord of silicone between box and lid, and the screws outside of it.
cord = 3;
groove_depth = 2.2;
screw = 4.2;
insert = 5.6;
insert_depth = 9;
pillar = 11;

// Ears for straps, rivets or anchors.
ear = 24;
ear_hole = 6.5;
// Plate for board, regulator and cells.
plate_thickness = 3;
standoff = 6;

outer_length = inner_length + 2 * wall;
outer_width = inner_width + 2 * wall;
outer_height = inner_height + floor_thickness;
// Screws stand outside of the seal, at the short sides, sunk into the wall by most of its thickness.
screw_x = outer_length / 2 + pillar / 2 - wall + 0.5;
screw_y = outer_width / 2 - corner - pillar / 2;

$fn = 48;

module rounded(length, width, height, radius) {
  linear_extrude(height) offset(r = radius) square([length - 2 * radius, width - 2 * radius], center = true);
}

module at_screws() {
  for (x = [-screw_x, screw_x], y = [-screw_y, screw_y]) translate([x, y, 0]) children();
}

module ears(thickness) {
  for (y = [-1, 1]) translate([0, y * (outer_width / 2 + ear / 2 - corner / 2), 0]) difference() {
    rounded(2 * ear, ear + corner, thickness, corner / 2);
    for (x = [-ear / 2, ear / 2]) translate([x, y * corner / 2, -1]) cylinder(d = ear_hole, h = thickness + 2);
  }
}

module footprint(height) {
  rounded(outer_length, outer_width, height, corner);
  at_screws() cylinder(d = pillar, h = height);
}

module box() {
  difference() {
    union() {
      footprint(outer_height);
      ears(5);
    }
    translate([0, 0, floor_thickness]) rounded(inner_length, inner_width, outer_height, corner - wall);
    at_screws() translate([0, 0, outer_height - insert_depth]) cylinder(d = insert, h = insert_depth + 1);
    // Lower wall: glands in a row, the breathing plug at its end.
    for (i = [0:glands])
      translate([(i - glands / 2) * gland_pitch, -outer_width / 2 - 1, outer_height / 2])
        rotate([-90, 0, 0]) cylinder(d = gland_hole, h = wall + 2);
    translate([0, outer_width / 2 - wall - 1, outer_height / 2]) rotate([-90, 0, 0]) cylinder(d = antenna_hole, h = wall + 2);
  }
  // Supports of the plate.
  for (x = [-1, 1], y = [-1, 1])
    translate([x * (inner_length / 2 - 8), y * (inner_width / 2 - 8), floor_thickness]) difference() {
      cylinder(d = 8, h = standoff);
      translate([0, 0, 1]) cylinder(d = 2.6, h = standoff);
    }
}

module seal(height) {
  difference() {
    rounded(outer_length - 1, outer_width - 1, height, corner - 0.5);
    translate([0, 0, -1]) rounded(outer_length - 1 - 2 * cord, outer_width - 1 - 2 * cord, height + 2, corner - cord);
  }
}

module lid() {
  difference() {
    union() {
      footprint(4);
      // Eaves: rain drips off before it reaches the seal.
      translate([0, 0, 4 - 2]) rounded(outer_length + 2 * pillar + 4, outer_width + 8, 2, corner);
    }
    translate([0, 0, -1]) seal(1 + groove_depth);
    at_screws() translate([0, 0, -1]) cylinder(d = screw, h = 8);
  }
}

module plate() {
  difference() {
    rounded(inner_length - 4, inner_width - 4, plate_thickness, 3);
    for (x = [-1, 1], y = [-1, 1])
      translate([x * (inner_length / 2 - 8), y * (inner_width / 2 - 8), -1]) cylinder(d = 3.4, h = plate_thickness + 2);
    // Slots for ties: cells on one half, board and regulator on the other.
    for (x = [-55:22:55], y = [-28, 0, 28]) translate([x, y, plate_thickness / 2]) cube([12, 4, plate_thickness + 2], center = true);
  }
}

if (part == "box") box();
else if (part == "lid") rotate([180, 0, 0]) lid();
else if (part == "plate") plate();
else {
  box();
  translate([0, 0, floor_thickness + standoff + 1]) color("silver") plate();
  translate([0, 0, outer_height + 35]) color("lightgray") lid();
}
