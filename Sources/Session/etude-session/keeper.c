#define _GNU_SOURCE
#include "keeper.h"
#include "CSession.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

// From the host: what to do with a process. To the host: a process, and the status that `wait` gave.
struct request { int32_t action, process; };
struct ending { int32_t process, status; };
enum { INTERRUPT = 1, END = 2, RELEASE = 3 };

// A process that the host has released ends alone: what its cells started belongs to the cells after it too.
enum { MOST_RELEASED = 4096 };
static pid_t released[MOST_RELEASED];

static pid_t *released_slot(pid_t process) {
    for (int i = 0; i < MOST_RELEASED; i++)
        if (released[i] == process) return &released[i];
    return NULL;
}

static bool is_child(pid_t process) {
    siginfo_t info;
    return process > 1 && waitid(P_PID, (id_t)process, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

static void carry_out(struct request request) {
    if (!is_child(request.process)) return;
    switch (request.action) {
    case INTERRUPT: kill(-request.process, SIGINT); break;
    case END: kill(-request.process, SIGKILL); kill(request.process, SIGKILL); break;
    case RELEASE: {
        pid_t *slot = released_slot(0);
        if (slot) *slot = request.process;
        kill(request.process, SIGKILL);
        break;
    }
    }
}

static void reap(void) {
    while (true) {
        siginfo_t info = {0};
        if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) return;
        struct ending ending = {info.si_pid, 0};
        pid_t *slot = released_slot(ending.process);
        // Its group first: once it is reaped, the group's number may be another's.
        if (slot) *slot = 0;
        else kill(-ending.process, SIGKILL);
        waitpid(ending.process, &ending.status, 0);
        // A host that does not listen misses it: there may be no end of processes that a cell leaves.
        send(ETUDE_KEEPER, &ending, sizeof ending, MSG_DONTWAIT | MSG_NOSIGNAL);
    }
}

// Ends all that is below. Children of the ended become the keeper's own, until there are none.
static void end_all(void) {
    for (int round = 0; round < 10000; round++) {
        FILE *children = fopen("/proc/thread-self/children", "r");
        // Without it the system still ends those that asked to go with their parent.
        if (!children) return;
        long process;
        while (fscanf(children, "%ld", &process) == 1) kill((pid_t)process, SIGKILL);
        fclose(children);
        if (waitpid(-1, NULL, 0) < 0 && errno == ECHILD) return;
        while (waitpid(-1, NULL, WNOHANG) > 0) {}
    }
}

int keeper_serve(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGCHLD);
    struct pollfd watched[] = {{ETUDE_KEEPER, POLLIN, 0}, {signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK), POLLIN, 0}};
    reap();
    while (true) {
        if (poll(watched, 2, -1) < 0 && errno != EINTR) break;
        if (watched[1].revents) {
            struct signalfd_siginfo info;
            while (read(watched[1].fd, &info, sizeof info) > 0) {}
            reap();
        }
        if (watched[0].revents) {
            struct request request;
            ssize_t count = recv(ETUDE_KEEPER, &request, sizeof request, MSG_WAITALL);
            if (count < 0 && errno == EINTR) continue;
            if (count != sizeof request) break;
            carry_out(request);
        }
    }
    end_all();
    return 0;
}
