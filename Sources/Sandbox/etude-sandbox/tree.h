// What a box sees of the files.
#pragma once
#include "box.h"

// Where bubblewrap finds what it makes the box of: every system has this folder, and no box shows it.
#define TREE "/sys"
// Seen in the box as /cells: what the host hands in while the box runs.
#define TREE_CELLS TREE "/root/cells"
// Seen in the box as /tmp: all that can be written there, bounded in bytes and in files.
#define TREE_SCRATCH TREE "/root/tmp"

// Puts the tree together, in a mount namespace of this process's own. For root, `owner` is the user that the box will be.
void tree_make(const struct box *box, uid_t owner);
