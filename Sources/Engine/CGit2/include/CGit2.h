// libgit2, and what Swift can't say of it: functions with any number of arguments, and structs that macros begin.
#pragma once
#include <git2.h>
#include <git2/sys/commit.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>
#include <git2/sys/stream.h>
#include <git2/sys/transport.h>

// Starts libgit2 and sets what holds for all repositories of this process. Returns 0, or libgit2's code.
int etude_git_start(void);

// Whether repositories of another owner are refused.
int etude_git_set_owner_validation(int enabled);

// Makes an empty repository with a working tree and an unborn branch; an error where there is one already.
int etude_git_init(git_repository **repository, const char *path, const char *branch);

// Makes an empty repository without a working tree; an error where there is one already.
int etude_git_init_bare(git_repository **repository, const char *path);

// Decompresses what zlib compressed, into no more than there is room for, and says how much that was. Returns 1 when all
// of it was there, 0 when there was more to come or no more room, -1 when it is nothing of zlib's.
int etude_inflate(const void *input, size_t input_size, void *output, size_t room, size_t *output_size);

// Decompresses what zlib compressed at the beginning of the input, into no more than there is room for, or to nowhere where
// there is no output; says how much of the input that was, and how much it became. Returns 1 when all of it was there, 0
// when it has more than there is room for, -1 when it is cut off or nothing of zlib's.
int etude_inflate_first(const void *input, size_t input_size, void *output, size_t room, size_t *used, size_t *output_size);

// A way to another repository that is not libgit2's own; both structs begin what the callbacks are given.
struct etude_connection {
    git_smart_subtransport transport;
    git_smart_subtransport_stream stream;
    void *owner;
};

// A socket that is not libgit2's own; the first struct is what the callbacks are given.
struct etude_stream {
    git_stream stream;
    void *owner;
};

// Whom certificates of servers are believed: a file of certificates. Returns 0, or libgit2's code.
int etude_git_set_certificates(const char *file);
