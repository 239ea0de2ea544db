#define _GNU_SOURCE
#include "tree.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static void write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0 || write(file, text, strlen(text)) < 0) refuse("%s can't be written: %s", path, strerror(errno));
    close(file);
}

// A person who is not root may mount in a user namespace of their own.
static void enter_namespaces(void) {
    uid_t user = geteuid();
    gid_t group = getegid();
    if (unshare(CLONE_NEWNS | (user == 0 ? 0 : CLONE_NEWUSER)) != 0) {
        if (user == 0) refuse("root may not make a mount namespace here (%s): a container has to be started with the right to (CAP_SYS_ADMIN)", strerror(errno));
        refuse(
            "this system gives user %u no user namespaces (%s). On Ubuntu, install the profile of AppArmor for bubblewrap, or run as root; "
            "elsewhere, see the settings user.max_user_namespaces and kernel.unprivileged_userns_clone", user, strerror(errno));
    }
    if (user != 0) {
        char map[64];
        write_file("/proc/self/setgroups", "deny");
        snprintf(map, sizeof map, "0 %u 1", user);
        write_file("/proc/self/uid_map", map);
        snprintf(map, sizeof map, "0 %u 1", group);
        write_file("/proc/self/gid_map", map);
    }
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) refuse("the mount namespace can't be made private: %s", strerror(errno));
}

static void mount_memory(const char *place, unsigned long flags, const char *options) {
    if (mkdir(place, 0755) != 0 && errno != EEXIST) refuse("%s can't be made: %s", place, strerror(errno));
    if (mount("box", place, "tmpfs", MS_NOSUID | MS_NODEV | flags, options) != 0)
        refuse("a file system in memory can't be mounted (%s)", strerror(errno));
}

static void make_folders(char *path) {
    for (char *slash = strchr(path + sizeof TREE, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(path, 0755);
        *slash = '/';
    }
}

static void show(const char *host, const char *inside) {
    char place[512];
    struct stat status;
    if (stat(host, &status) != 0) refuse("%s, which the box has to show, is missing", host);
    if (snprintf(place, sizeof place, TREE "/root%s", inside) >= (int)sizeof place) refuse("the path %s is too long", inside);
    make_folders(place);
    if (S_ISDIR(status.st_mode)) mkdir(place, 0755);
    else close(open(place, O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
    if (mount(host, place, NULL, MS_BIND | MS_REC, NULL) != 0) refuse("%s can't be shown in the box: %s", host, strerror(errno));
}

void tree_make(const struct box *box, uid_t owner) {
    char options[160];
    enter_namespaces();
    mount_memory(TREE, 0, "size=1m,nr_inodes=1024,mode=755");
    mkdir(TREE "/root", 0755);
    mkdir(TREE "/root/proc", 0755);
    snprintf(options, sizeof options, "size=%lu,nr_inodes=%lu,mode=755", box->disk, box->files);
    mount_memory(TREE_CELLS, 0, options);
    snprintf(options, sizeof options, "size=%lu,nr_inodes=%lu,mode=700,uid=%u,gid=%u", box->disk, box->files, owner, owner);
    mount_memory(TREE_SCRATCH, MS_NOEXEC, options);
    show("/dev/null", "/dev/null");
    show("/dev/urandom", "/dev/urandom");
    for (int i = 0; i < box->shown_count; i++) show(box->shown[i].host, box->shown[i].inside);
}
