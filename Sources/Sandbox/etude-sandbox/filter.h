// The system calls that a box allows.
#pragma once
#include <stdbool.h>

// Writes the filter that bubblewrap puts on the first process of a box into a file in memory; returns its descriptor, or -1.
int filter_open(bool is_for_tools);
