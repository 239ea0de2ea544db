// Runs a program in a box: a place with files of its own, without network, where little can be done and nothing of the
// host's can be reached. Bubblewrap makes the box; this puts together what it is to show, bounds what it may use, waits for
// its end and tells the host how that came.
//
//     etude-sandbox OPTIONS -- PROGRAM ARGUMENTS
//
// The program is a path in the box. It gets the descriptors 0 to 5, as far as they are open. Descriptor 6 is a socket of
// packets to the host, which hears `refused SENTENCE`, or
//     ready GROUPS               with two descriptors: of /cells, which only the host can write, and of /tmp
//     started PROCESS            once the host has said `go`; the first process of the box, as the host knows it
//     ended REASON STATUS TIME MEMORY
// and may close its end, which ends the box.
#define _GNU_SOURCE
#include "box.h"
#include "filter.h"
#include "groups.h"
#include "inside.h"
#include "tree.h"
#include "watch.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void say(const char *format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    send(CONTROL, text, length < (int)sizeof text ? (size_t)length : sizeof text - 1, MSG_NOSIGNAL);
}

void refuse(const char *format, ...) {
    char text[900];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    say("refused %s", text);
    _exit(126);
}

static void say_ready(const char *groups, int cells, int scratch) {
    int descriptors[] = {cells, scratch};
    union { struct cmsghdr header; char bytes[CMSG_SPACE(sizeof descriptors)]; } control = {0};
    char text[32];
    struct iovec data = {text, (size_t)snprintf(text, sizeof text, "ready %s", groups)};
    struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof descriptors);
    memcpy(CMSG_DATA(header), descriptors, sizeof descriptors);
    if (sendmsg(CONTROL, &message, MSG_NOSIGNAL) < 0) _exit(126);
}

// MARK: Before bubblewrap

// Above the numbers that the program gets.
static int moved(int descriptor) {
    if (descriptor < 0) refuse("a descriptor can't be had: %s", strerror(errno));
    int result = fcntl(descriptor, F_DUPFD_CLOEXEC, 20);
    close(descriptor);
    return result;
}

static void limit(int resource, uint64_t value) {
    struct rlimit limit = {value, value};
    // Where the system allows less than this, less it is.
    if (setrlimit(resource, &limit) != 0 && getrlimit(resource, &limit) == 0 && limit.rlim_cur > value) refuse("a limit can't be set: %s", strerror(errno));
}

static void set_limits(const struct box *box) {
    // As the system ends a process that has had its time: once more to be told, then for good.
    struct rlimit time = {box->cpu_seconds, box->cpu_seconds + 1};
    setrlimit(RLIMIT_CPU, &time);
    limit(RLIMIT_AS, box->memory);
    limit(RLIMIT_FSIZE, box->disk);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NOFILE, 256);
    limit(RLIMIT_STACK, 8 << 20);
    limit(RLIMIT_MEMLOCK, 0);
    limit(RLIMIT_MSGQUEUE, 0);
    limit(RLIMIT_SIGPENDING, 256);
    limit(RLIMIT_RTPRIO, 0);
    limit(RLIMIT_NICE, 0);
}

// A user of the box's own, whose number nobody has: a process's number is its alone while it lives. Where few numbers can
// be had, as in a container, one of those that are for services.
static uid_t own_user(void) { return 0x70000000 + (uid_t)getpid(); }
static uid_t user_in_container(void) { return 61000 + (uid_t)getpid() % 4000; }

static bool drop_to(uid_t user) { return setgroups(0, NULL) == 0 && setresgid(user, user, user) == 0 && setresuid(user, user, user) == 0; }

static bool is_mapped(uid_t user) {
    FILE *map = fopen("/proc/self/uid_map", "re");
    unsigned inside, outside, count;
    bool is_found = false;
    while (map && fscanf(map, "%u %u %u", &inside, &outside, &count) == 3) is_found |= user >= inside && user - inside < count;
    if (map) fclose(map);
    return is_found;
}

static int write_words(const char *const words[], int count) {
    int file = memfd_create("words", MFD_CLOEXEC);
    for (int i = 0; i < count; i++)
        if (write(file, words[i], strlen(words[i]) + 1) < 0) return -1;
    return lseek(file, 0, SEEK_SET) == 0 ? file : -1;
}

// What bubblewrap is told. By a file, since a command line is there to be read in the box.
static int bubblewrap_words(const struct box *box, const char *filter, const char *info) {
    static const char *words[700];
    int count = 0;
    const char *const fixed[] = {
        "--unshare-all", "--unshare-user", "--disable-userns", "--as-pid-1", "--die-with-parent", "--new-session", "--clearenv",
        "--uid", "1000", "--gid", "1000", "--cap-drop", "ALL", "--hostname", "box",
        "--ro-bind", TREE "/root", "/", "--bind", TREE_SCRATCH, "/tmp",
        "--dev-bind", TREE "/root/dev/null", "/dev/null", "--dev-bind", TREE "/root/dev/urandom", "/dev/urandom",
        "--proc", "/proc", "--chdir", "/tmp",
    };
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) words[count++] = fixed[i];
    for (int i = 0; i < box->shown_count; i++) {
        // All else is read only by the first of these.
        if (strncmp(box->shown[i].inside, "/tmp/", 5) != 0) continue;
        static char places[8][300];
        static int place_count;
        if (place_count == 8) refuse("the box shows too much in /tmp");
        snprintf(places[place_count], sizeof places[0], TREE "/root%s", box->shown[i].inside);
        words[count++] = "--ro-bind";
        words[count++] = places[place_count++];
        words[count++] = box->shown[i].inside;
    }
    for (int i = 0; i < box->variable_count; i++) {
        words[count++] = "--setenv";
        words[count++] = box->variables[i][0];
        words[count++] = box->variables[i][1];
    }
    words[count++] = "--seccomp";
    words[count++] = filter;
    words[count++] = "--info-fd";
    words[count++] = info;
    return write_words(words, count);
}

static void make_inheritable(int descriptor) { fcntl(descriptor, F_SETFD, 0); }

// The child: becomes bubblewrap, and so the box's parent.
static _Noreturn void become_box(const struct box *box, const struct groups *groups, int info, int lifeline, const bool passed[MOST_PASSED], pid_t launcher) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (!groups_enter(groups)) refuse("the box can't be put into its control group: %s", strerror(errno));
    uid_t owner = 0;
    bool is_root = geteuid() == 0;
    if (is_root) owner = is_mapped(own_user()) ? own_user() : user_in_container();
    tree_make(box, owner);
    int cells = open(TREE_CELLS, O_RDONLY | O_DIRECTORY | O_CLOEXEC), scratch = open(TREE_SCRATCH, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (is_root && !drop_to(owner)) refuse("the box can't have a user of its own: %s", strerror(errno));
    // Forgotten with the user.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != launcher) _exit(126);
    set_limits(box);

    static const char *const kinds[] = {"none", "v1", "v2"};
    say_ready(kinds[groups->kind], cells, scratch);
    char word[8];
    if (recv(CONTROL, word, sizeof word, 0) < 2) _exit(126);

    char filter_number[12], info_number[12], words_number[12], lifeline_number[12], processes[24];
    int filter = moved(filter_open(box->is_for_tools));
    snprintf(filter_number, sizeof filter_number, "%d", filter);
    snprintf(info_number, sizeof info_number, "%d", info);
    int words = moved(bubblewrap_words(box, filter_number, info_number));
    snprintf(words_number, sizeof words_number, "%d", words);
    snprintf(processes, sizeof processes, "%lu", box->processes);
    snprintf(lifeline_number, sizeof lifeline_number, "%d", lifeline);

    const char *arguments[256] = {box->bubblewrap, "--args", words_number, "--", "/etude/etude-sandbox", "--inside", processes, lifeline_number,
                                  box->is_for_tools ? "run" : "become"};
    int count = 9;
    for (char **argument = box->program; *argument; argument++) {
        if (count == 255) refuse("the program has too many arguments");
        arguments[count++] = *argument;
    }
    close_range(CONTROL, ~0U, CLOSE_RANGE_CLOEXEC);
    for (int i = 0; i < MOST_PASSED; i++)
        if (!passed[i]) close(i);
    make_inheritable(filter);
    make_inheritable(info);
    make_inheritable(words);
    make_inheritable(lifeline);
    char *environment[] = {NULL};
    // Its folder may be one that the box's user can't enter.
    if (chdir("/") == 0) execve(box->bubblewrap, (char **)arguments, environment);
    _exit(126);
}

// MARK: While the box runs

enum reason { EXITED, WALL, CPU, MEMORY, HOST };
static const char *const reasons[] = {"exited", "wall", "cpu", "memory", "host"};

static uint64_t now_milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

// What bubblewrap tells as soon as there is a first process: {"child-pid": 123, ...}.
static pid_t read_first_process(int info) {
    char text[512];
    size_t length = 0;
    ssize_t count;
    while (length < sizeof text - 1 && !memchr(text, ',', length) && (count = read(info, text + length, sizeof text - 1 - length)) > 0) length += (size_t)count;
    text[length] = 0;
    const char *number = strstr(text, "child-pid");
    number = number ? strchr(number, ':') : NULL;
    return number ? atoi(number + 1) : 0;
}

// How long between two looks at what the box has used.
enum { PAUSE_WITH_GROUPS = 100, PAUSE_WITHOUT = 50 };

static enum reason supervise(const struct box *box, const struct groups *groups, int bubblewrap, pid_t first, struct usage *usage) {
    uint64_t deadline = now_milliseconds() + box->wall_milliseconds;
    while (true) {
        uint64_t now = now_milliseconds(), pause = groups->kind == GROUPS_NONE ? PAUSE_WITHOUT : PAUSE_WITH_GROUPS;
        if (now >= deadline) return WALL;
        if (pause > deadline - now) pause = deadline - now;
        struct pollfd watched[] = {{bubblewrap, POLLIN, 0}, {CONTROL, POLLRDHUP, 0}};
        if (poll(watched, 2, (int)pause) < 0 && errno != EINTR) return HOST;
        if (watched[1].revents) return HOST;
        if (groups->kind == GROUPS_NONE) {
            struct usage found = watch_box(first, box->memory);
            // Those that are gone took their time along.
            if (found.microseconds > usage->microseconds) usage->microseconds = found.microseconds;
            if (found.memory > usage->memory) usage->memory = found.memory;
        } else {
            usage->microseconds = groups_time(groups);
        }
        if (watched[0].revents) return EXITED;
        if (usage->microseconds > box->cpu_seconds * 1000000) return CPU;
        if (usage->memory > box->memory) return MEMORY;
    }
}

static int open_process(pid_t process) { return (int)syscall(SYS_pidfd_open, process, 0); }

// Waits until the box's first process is gone, and with it all others, and all that is left has been reaped.
static void wait_for_all(int first) {
    if (first >= 0) {
        struct pollfd watched = {first, POLLIN, 0};
        while (poll(&watched, 1, 10000) < 0 && errno == EINTR) {}
    }
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR) {}
}

static int run(const struct box *box) {
    bool passed[MOST_PASSED];
    for (int i = 0; i < MOST_PASSED; i++) {
        passed[i] = fcntl(i, F_GETFD) >= 0;
        // What is opened from here on shall not take these numbers.
        if (!passed[i]) while (open("/dev/null", O_RDWR | O_CLOEXEC) < i) {}
    }
    fcntl(CONTROL, F_SETFD, FD_CLOEXEC);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    struct groups groups;
    groups_make(&groups, box);
    int info[2], lifeline[2];
    if (pipe2(info, O_CLOEXEC) != 0 || pipe2(lifeline, O_CLOEXEC) != 0) refuse("a pipe can't be had: %s", strerror(errno));
    for (int i = 0; i < 2; i++) {
        info[i] = moved(info[i]);
        lifeline[i] = moved(lifeline[i]);
    }

    pid_t launcher = getpid(), child = fork();
    if (child == 0) become_box(box, &groups, info[1], lifeline[0], passed, launcher);
    if (child < 0) refuse("no process can be had for the box: %s", strerror(errno));
    close(info[1]);
    close(lifeline[0]);
    for (int i = 0; i < MOST_PASSED; i++) close(i);
    int bubblewrap = open_process(child);
    pid_t first = read_first_process(info[0]);
    int first_descriptor = first > 0 ? open_process(first) : -1;
    if (first > 0) say("started %d", first);

    struct usage usage = {0, 0};
    enum reason reason = supervise(box, &groups, bubblewrap, first, &usage);
    // Should bubblewrap have been ended from outside, the box may go on without.
    if (first_descriptor >= 0) syscall(SYS_pidfd_send_signal, first_descriptor, SIGKILL, NULL, 0);
    if (reason != EXITED) kill(child, SIGKILL);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    wait_for_all(first_descriptor);
    if (groups.kind != GROUPS_NONE) {
        usage = (struct usage){groups_peak(&groups), groups_time(&groups)};
        if (reason == EXITED && groups_memory_deaths(&groups) > 0) reason = MEMORY;
    }
    groups_remove(&groups);
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (first <= 0 && reason == EXITED) {
        // One that has refused has said why.
        if (code != 126) say("refused bubblewrap could not make the box");
        return 126;
    }
    say("ended %s %d %lu %lu", reasons[reason], code, usage.microseconds, usage.memory);
    return 0;
}

// MARK: Options

static const char *next(int count, char **arguments, int *index) {
    if (*index + 1 >= count) refuse("%s needs a value", arguments[*index]);
    return arguments[++*index];
}

static struct box read_options(int count, char **arguments) {
    struct box box = {0};
    for (int i = 1; i < count; i++) {
        const char *option = arguments[i];
        const struct { const char *name; uint64_t *value; } numbers[] = {
            {"--memory", &box.memory}, {"--disk", &box.disk}, {"--files", &box.files}, {"--cpu", &box.cpu_seconds},
            {"--wall", &box.wall_milliseconds}, {"--processes", &box.processes},
        };
        uint64_t *value = NULL;
        for (size_t j = 0; j < sizeof numbers / sizeof *numbers; j++)
            if (strcmp(option, numbers[j].name) == 0) value = numbers[j].value;
        if (value) *value = strtoull(next(count, arguments, &i), NULL, 10);
        else if (strcmp(option, "--tools") == 0) box.is_for_tools = true;
        else if (strcmp(option, "--bubblewrap") == 0) box.bubblewrap = next(count, arguments, &i);
        else if (strcmp(option, "--show") == 0 && box.shown_count < 128) {
            const char *host = next(count, arguments, &i);
            box.shown[box.shown_count++] = (struct shown){host, next(count, arguments, &i)};
        } else if (strcmp(option, "--variable") == 0 && box.variable_count < 64) {
            box.variables[box.variable_count][0] = next(count, arguments, &i);
            box.variables[box.variable_count++][1] = next(count, arguments, &i);
        } else if (strcmp(option, "--") == 0 && i + 1 < count) {
            box.program = arguments + i + 1;
            break;
        } else refuse("the launcher knows no option %s here", option);
    }
    if (!box.program || !box.bubblewrap || !box.memory || !box.disk || !box.files || !box.cpu_seconds || !box.wall_milliseconds || !box.processes)
        refuse("the launcher was not told all that a box needs");
    return box;
}

int main(int count, char **arguments) {
    if (count > 1 && strcmp(arguments[1], "--inside") == 0) return inside(count - 2, arguments + 2);
    if (count > 1 && strcmp(arguments[1], "--check") == 0) return check_box();
    if (fcntl(CONTROL, F_GETFD) < 0) {
        fprintf(stderr, "etude-sandbox runs programs in a box for etude, which starts it.\n");
        return 2;
    }
    struct box box = read_options(count, arguments);
    return run(&box);
}
