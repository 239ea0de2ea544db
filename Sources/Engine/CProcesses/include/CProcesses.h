// GNU extensions of the C library that Swift's Glibc module leaves out.
#pragma once
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <sys/types.h>

int pipe2(int ends[2], int flags);
int pidfd_open(pid_t process, unsigned int flags);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned int flags);

// Sends one byte over a Unix socket, and with it descriptors of this process. Returns 0, or the error number.
int etude_send_descriptors(int socket, const int *descriptors, int count);
