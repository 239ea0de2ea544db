// GNU extensions of the C library that Swift's Glibc module leaves out.
#pragma once
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <sys/types.h>

int pipe2(int ends[2], int flags);
int pidfd_open(pid_t process, unsigned int flags);
int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned int flags);

// Sends one byte over a Unix socket, and with it descriptors of this process. Returns 0, or the error number.
int etude_send_descriptors(int socket, const int *descriptors, int count);

// Receives a message, and with it at most two descriptors, which are set to -1 where none came. Returns the message's length, 0 at
// the end, or minus the error number.
int etude_receive(int socket, char *text, int size, int descriptors[2]);

struct etude_program {
    const char *path;
    char *const *arguments, *const *environment;
    // NULL for that of this process.
    const char *working_directory;
    // This process's descriptors, by the numbers under which the program gets them; -1 for none. At least the three
    // standard streams, which are open to nothing where there is none.
    const int *descriptors;
    int count;
    // Whether the system ends the program with the thread that starts it.
    int ends_with_thread;
};

// Starts a program in a process group of its own, with no signal blocked. Returns 0, or the error number.
int etude_start(const struct etude_program *program, pid_t *process);
