// Tells the host where a process died, from inside the dying process.
#pragma once
#include <stdbool.h>

// Remembers where a cell's library lies, so that its frames can be told.
void deaths_remember_library(const char *path);
// Whether the calling thread is the one that cells run on.
bool deaths_is_cells_thread(void);
// Installs the handlers of traps and of the interrupt.
void deaths_install(void);
// Writes the frames of the caller, under a line that says what they are of.
void deaths_tell(const char *kind);
// Notes the frames of an error that is thrown, cheaply, since most are caught.
void deaths_note_throw(void *error);
// Writes the frames of the error that was thrown last.
void deaths_tell_throw(void);
// The same as deaths_tell, then ends the process.
void deaths_end(const char *kind) __attribute__((noreturn));
