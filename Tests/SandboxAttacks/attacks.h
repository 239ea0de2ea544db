// Programs that try to do harm, each a function: it says whether it could.
#pragma once

enum outcome {
    DONE = 0,      // it could
    HELD = 10,     // it was kept from it
    ABSENT = 20,   // this system has nothing of the kind
};

// Where it must be possible, so that it is known to bite.
enum control {
    HOST,        // without any box, as root
    OPEN_BOX,    // in a careless box that shows all of the host's files, read only
    EMPTY_BOX,   // in a careless box that shows nothing
};

// What the host tells an attack.
struct target {
    int process;         // one of the host's processes
    int port;            // where a server of the host's listens on its loopback
    const char *secret;  // a file of the host's
};

struct attack {
    const char *name;
    enum control control;
    enum outcome (*try)(struct target target);
};

extern const struct attack resources[], reading[], breakouts[], calls[];
