// What is none of a stranger's business.
#define _GNU_SOURCE
#include "attacks.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

static enum outcome can_read(const char *path) {
    char byte;
    int file = open(path, O_RDONLY | O_NONBLOCK);
    return file >= 0 && read(file, &byte, 1) == 1 ? DONE : HELD;
}
static enum outcome can_list(const char *path) {
    DIR *folder = opendir(path);
    return folder && readdir(folder) ? DONE : HELD;
}
// Whether a file holds some bytes.
static bool holds(const char *path, const char *words) {
    static char text[1 << 20];
    int file = open(path, O_RDONLY);
    ssize_t length = 0, count;
    while (file >= 0 && (count = read(file, text + length, sizeof text - (size_t)length)) > 0) length += count;
    return memmem(text, (size_t)length, words, strlen(words)) != NULL;
}

static enum outcome secret(struct target target) { return can_read(target.secret); }
static enum outcome secret_by_dots(struct target target) {
    char path[1200];
    snprintf(path, sizeof path, "../../../../../../../../../..%s", target.secret);
    return can_read(path);
}
static enum outcome secret_by_root(struct target target) {
    char path[1200];
    snprintf(path, sizeof path, "/proc/1/root%s", target.secret);
    return can_read(path);
}
static enum outcome secret_by_folder(struct target target) {
    char path[1200];
    for (int i = 3; i < 256; i++) {
        snprintf(path, sizeof path, "/proc/self/fd/%d/../../../../../../../..%s", i, target.secret);
        if (can_read(path) == DONE) return DONE;
    }
    return HELD;
}
static enum outcome passwords(struct target target) { (void)target; return can_read("/etc/shadow"); }
static enum outcome users(struct target target) { (void)target; return can_read("/etc/passwd"); }
static enum outcome homes(struct target target) { (void)target; return can_list("/root"); }
static enum outcome system_folder(struct target target) { (void)target; return can_list("/sys/kernel"); }
static enum outcome device_folder(struct target target) { (void)target; return can_list("/dev/pts"); }
static enum outcome programs(struct target target) { (void)target; return can_list("/usr/bin"); }
static enum outcome other_tmp(struct target target) { (void)target; return can_list("/var/tmp"); }
static enum outcome kernel_messages(struct target target) { (void)target; return open("/proc/kmsg", O_RDONLY | O_NONBLOCK) >= 0 ? DONE : HELD; }
static enum outcome kernel_log(struct target target) {
    (void)target;
    static char text[1 << 12];
    return syscall(SYS_syslog, 3, text, sizeof text) >= 0 ? DONE : HELD;
}
static enum outcome kernel_memory(struct target target) { (void)target; return open("/proc/kcore", O_RDONLY) >= 0 ? DONE : errno == ENOENT ? ABSENT : HELD; }
static enum outcome host_process(struct target target) {
    char path[64], name[64];
    snprintf(path, sizeof path, "/proc/%d/comm", target.process);
    FILE *file = fopen(path, "r");
    // In a box, another process can have the number.
    return file && fgets(name, sizeof name, file) && strncmp(name, "sandbox-attacks", 15) != 0 ? DONE : HELD;
}
static enum outcome host_environment(struct target target) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/environ", target.process);
    return holds(path, "ETUDE_SECRET=") ? DONE : HELD;
}
static enum outcome own_environment(struct target target) { (void)target; return getenv("ETUDE_SECRET") ? DONE : HELD; }
static enum outcome first_environment(struct target target) { (void)target; return holds("/proc/1/environ", "ETUDE_SECRET=") ? DONE : HELD; }
static enum outcome first_command(struct target target) { (void)target; return holds("/proc/1/cmdline", "bind") ? DONE : HELD; }
// A first process without the filter, whose memory can be written, would do what the filter forbids.
static enum outcome first_memory(struct target target) {
    (void)target;
    return open("/proc/1/mem", O_RDWR) >= 0 && holds("/proc/1/status", "Seccomp:\t0") ? DONE : HELD;
}
static enum outcome inherited_descriptors(struct target target) {
    (void)target;
    for (int i = 3; i < 1024; i++) if (fcntl(i, F_GETFD) >= 0) return DONE;
    return HELD;
}
static enum outcome terminal(struct target target) { (void)target; return open("/dev/tty", O_RDWR) >= 0 || errno == ENXIO ? DONE : HELD; }
static enum outcome host_name(struct target target) {
    (void)target;
    char name[256] = "";
    gethostname(name, sizeof name);
    return strcmp(name, "box") == 0 ? HELD : DONE;
}
static enum outcome mounts_of_host(struct target target) { (void)target; return holds("/proc/self/mountinfo", "/sys/fs/cgroup") ? DONE : HELD; }
static enum outcome control_groups(struct target target) { (void)target; return can_list("/sys/fs/cgroup"); }
static enum outcome by_handle(struct target target) {
    struct { struct file_handle handle; char bytes[128]; } file = {.handle = {.handle_bytes = 128}};
    int mount;
    if (syscall(SYS_name_to_handle_at, AT_FDCWD, target.secret, &file, &mount, 0) == 0) return DONE;
    if (syscall(SYS_name_to_handle_at, AT_FDCWD, "/", &file, &mount, 0) == 0) return DONE;
    return errno == EOPNOTSUPP || errno == ENOSYS ? ABSENT : HELD;
}

const struct attack reading[] = {
    {"secret", OPEN_BOX, secret}, {"secret-by-dots", OPEN_BOX, secret_by_dots}, {"secret-by-root", OPEN_BOX, secret_by_root},
    {"secret-by-folder", HOST, secret_by_folder}, {"passwords", OPEN_BOX, passwords}, {"users", OPEN_BOX, users}, {"homes", OPEN_BOX, homes},
    {"system-folder", OPEN_BOX, system_folder}, {"device-folder", OPEN_BOX, device_folder}, {"programs", OPEN_BOX, programs},
    {"other-tmp", OPEN_BOX, other_tmp}, {"kernel-messages", HOST, kernel_messages}, {"kernel-log", HOST, kernel_log}, {"kernel-memory", HOST, kernel_memory},
    {"host-process", HOST, host_process}, {"host-environment", HOST, host_environment}, {"own-environment", OPEN_BOX, own_environment},
    {"first-environment", OPEN_BOX, first_environment}, {"first-command", OPEN_BOX, first_command}, {"first-memory", OPEN_BOX, first_memory},
    {"inherited-descriptors", OPEN_BOX, inherited_descriptors}, {"terminal", OPEN_BOX, terminal}, {"host-name", OPEN_BOX, host_name},
    {"mounts-of-host", OPEN_BOX, mounts_of_host}, {"control-groups", OPEN_BOX, control_groups}, {"by-handle", OPEN_BOX, by_handle}, {0},
};
