#include "CGit2.h"
#include <limits.h>
#include <zlib.h>

int etude_git_start(void) {
    int code = git_libgit2_init();
    if (code < 0) return code;
    // No file outside a repository says how it is read: a learner's own settings are asked for by name where they matter.
    const int levels[] = {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_PROGRAMDATA};
    for (int i = 0; i < 4; i++)
        if ((code = git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "")) < 0) return code;
    if ((code = git_libgit2_opts(GIT_OPT_SET_TEMPLATE_PATH, "")) < 0) return code;
    if ((code = git_libgit2_opts(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION, 1)) < 0) return code;
    if ((code = git_libgit2_opts(GIT_OPT_ENABLE_STRICT_SYMBOLIC_REF_CREATION, 1)) < 0) return code;
    if ((code = git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1)) < 0) return code;
    if ((code = git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 1)) < 0) return code;
    // What is said to be kept must outlive a power cut.
    if ((code = git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1)) < 0) return code;
    // A pack's number of objects is read before they are; this bounds the memory that a file can ask for.
    if ((code = git_libgit2_opts(GIT_OPT_SET_PACK_MAX_OBJECTS, (size_t)4000000)) < 0) return code;
    // Neither changes how attempts are read or written.
    static const char *known[] = {"worktreeconfig", "partialclone"};
    return git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, known, (size_t)2);
}

int etude_git_set_owner_validation(int enabled) { return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, enabled); }

int etude_git_set_certificates(const char *file) { return git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, file, NULL); }

int etude_git_init(git_repository **repository, const char *path, const char *branch) {
    git_repository_init_options options = GIT_REPOSITORY_INIT_OPTIONS_INIT;
    options.flags = GIT_REPOSITORY_INIT_NO_REINIT | GIT_REPOSITORY_INIT_MKDIR;
    options.initial_head = branch;
    return git_repository_init_ext(repository, path, &options);
}

int etude_git_init_bare(git_repository **repository, const char *path) {
    git_repository_init_options options = GIT_REPOSITORY_INIT_OPTIONS_INIT;
    options.flags = GIT_REPOSITORY_INIT_NO_REINIT | GIT_REPOSITORY_INIT_MKDIR | GIT_REPOSITORY_INIT_BARE;
    options.initial_head = "main";
    return git_repository_init_ext(repository, path, &options);
}

int etude_inflate(const void *input, size_t input_size, void *output, size_t room, size_t *output_size) {
    z_stream stream = {0};
    *output_size = 0;
    if (input_size > UINT_MAX || room > UINT_MAX || inflateInit(&stream) != Z_OK) return -1;
    stream.next_in = (Bytef *)input;
    stream.avail_in = (uInt)input_size;
    stream.next_out = output;
    stream.avail_out = (uInt)room;
    int code = inflate(&stream, Z_FINISH);
    *output_size = stream.total_out;
    int is_whole = code == Z_STREAM_END && stream.avail_in == 0;
    inflateEnd(&stream);
    return is_whole ? 1 : code == Z_BUF_ERROR || code == Z_OK ? 0 : -1;
}

static uInt most(size_t size) { return size > 1u << 30 ? 1u << 30 : (uInt)size; }

int etude_inflate_first(const void *input, size_t input_size, void *output, size_t room, size_t *used, size_t *output_size) {
    Bytef scratch[1 << 14];
    z_stream stream = {0};
    *used = *output_size = 0;
    if (inflateInit(&stream) != Z_OK) return -1;
    int code = Z_OK;
    while (code == Z_OK && *output_size <= room) {
        // Beyond the room there is none but to see that there is more.
        int is_kept = output && *output_size < room;
        uInt given = most(input_size - *used), free_space = is_kept ? most(room - *output_size) : sizeof scratch;
        stream.next_in = (Bytef *)input + *used;
        stream.avail_in = given;
        stream.next_out = is_kept ? (Bytef *)output + *output_size : scratch;
        stream.avail_out = free_space;
        code = inflate(&stream, Z_NO_FLUSH);
        *used += given - stream.avail_in;
        *output_size += free_space - stream.avail_out;
    }
    inflateEnd(&stream);
    return *output_size > room ? 0 : code == Z_STREAM_END ? 1 : -1;
}
