// libgit2, and what Swift can't say of it: functions with any number of arguments, and structs that macros begin.
#pragma once
#include <git2.h>
#include <git2/sys/commit.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>

// Starts libgit2 and sets what holds for all repositories of this process. Returns 0, or libgit2's code.
int etude_git_start(void);

// Whether repositories of another owner are refused.
int etude_git_set_owner_validation(int enabled);

// Makes an empty repository with a working tree and an unborn branch; an error where there is one already.
int etude_git_init(git_repository **repository, const char *path, const char *branch);

// Decompresses what zlib compressed, into no more than there is room for, and says how much that was. Returns 1 when all
// of it was there, 0 when there was more to come or no more room, -1 when it is nothing of zlib's.
int etude_inflate(const void *input, size_t input_size, void *output, size_t room, size_t *output_size);
