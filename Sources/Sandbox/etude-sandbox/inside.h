// The first program in a box.
#pragma once

// Bounds the number of processes, which is counted for the box alone only in here, and goes on as a program, or waits for one.
// Arguments: the number, a descriptor that ends with the launcher, `become` or `run`, the program and its arguments.
int inside(int count, char **arguments);

// Looks whether the box that this runs in is what it should be. Returns 0, or 1 with a sentence on standard error.
int check_box(void);
