// The keeper is the parent of all processes in which cells live, and of all that cells start and abandon. It tells
// the host how each ended, carries out what the host asks for, and leaves nothing behind when the host is gone.
#pragma once

// Serves the host until it is gone, then ends every process below. Returns the exit status.
int keeper_serve(void);
