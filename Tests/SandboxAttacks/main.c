// sandbox-attacks --list | NAME PROCESS PORT SECRET
#include "attacks.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct attack *const groups[] = {resources, reading, breakouts, calls};

int main(int count, char **arguments) {
    static const char *const controls[] = {"host", "openBox", "emptyBox"};
    setvbuf(stdout, NULL, _IONBF, 0);
    for (int i = 0; i < 4; i++) {
        for (const struct attack *attack = groups[i]; attack->name; attack++) {
            if (count == 2 && strcmp(arguments[1], "--list") == 0) printf("%s %s\n", attack->name, controls[attack->control]);
            else if (count == 5 && strcmp(arguments[1], attack->name) == 0)
                return (int)attack->try((struct target){atoi(arguments[2]), atoi(arguments[3]), arguments[4]});
        }
    }
    return count == 2 ? 0 : 2;
}
