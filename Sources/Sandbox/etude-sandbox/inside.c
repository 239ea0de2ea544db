#define _GNU_SOURCE
#include "inside.h"
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOT_STARTED = 127 };

static int become(char **program) {
    execve(program[0], program, environ);
    fprintf(stderr, "%s could not be started in the box: %s\n", program[0], strerror(errno));
    return NOT_STARTED;
}

// A signal without a handler does not end the first process of a box, so a tool is its child.
static int run(char **program) {
    pid_t child = fork();
    if (child == 0) _exit(become(program));
    int status = 0;
    pid_t ended;
    while ((ended = waitpid(-1, &status, 0)) != child && (ended > 0 || errno == EINTR)) {}
    if (ended != child) return NOT_STARTED;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// A launcher that is killed takes bubblewrap along, and that the box: from the moment on that this process has asked for it,
// so what was before has to be looked at.
static int is_launcher_gone(int lifeline) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    struct pollfd watched = {lifeline, POLLIN, 0};
    int is_gone = poll(&watched, 1, 0) != 0;
    close(lifeline);
    return is_gone;
}

int inside(int count, char **arguments) {
    if (count < 4 || is_launcher_gone(atoi(arguments[1]))) return NOT_STARTED;
    struct rlimit processes = {strtoull(arguments[0], NULL, 10), strtoull(arguments[0], NULL, 10)};
    setrlimit(RLIMIT_NPROC, &processes);
    return strcmp(arguments[2], "run") == 0 ? run(arguments + 3) : become(arguments + 3);
}

// Whether a line of /proc/self/status ends with a word.
static int has_status(const char *name, const char *word) {
    char line[256];
    int is_found = 0;
    FILE *file = fopen("/proc/self/status", "re");
    while (file && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        if (strncmp(line, name, strlen(name)) != 0 || strlen(line) < strlen(word)) continue;
        is_found = strcmp(line + strlen(line) - strlen(word), word) == 0;
        break;
    }
    if (file) fclose(file);
    return is_found;
}

int check_box(void) {
    struct stat status;
    struct rlimit processes;
    const struct { int holds; const char *sentence; } expected[] = {
        {getpid() == 1, "it has no process numbers of its own"},
        {getuid() == 1000 && geteuid() == 1000, "its user is not the one that it should have"},
        {has_status("CapEff:", "0000000000000000") && has_status("CapBnd:", "0000000000000000"), "its user has rights of root's"},
        {has_status("NoNewPrivs:", "1"), "programs in it may gain rights"},
        {has_status("Seccomp:", "2"), "no filter of system calls is at work: the kernel may lack seccomp"},
        {socket(AF_INET, SOCK_STREAM, 0) < 0, "it has a network"},
        {unshare(CLONE_NEWUSER) != 0, "it can make namespaces"},
        {stat("/etc", &status) != 0 && stat("/home", &status) != 0 && stat("/sys", &status) != 0, "it shows folders of the host"},
        {mkdir("/new", 0755) != 0 && mkdir("/cells/new", 0755) != 0 && mkdir("/dev/new", 0755) != 0, "it can be written to"},
        {mkdir("/tmp/new", 0755) == 0, "it has no room in /tmp"},
        {getrlimit(RLIMIT_NPROC, &processes) == 0 && processes.rlim_cur != RLIM_INFINITY, "its processes are not bounded"},
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        if (expected[i].holds) continue;
        fprintf(stderr, "%s.\n", expected[i].sentence);
        return 1;
    }
    return 0;
}
