/* Files: streams that cannot be read twice are read whole; results are written without leaving
 * halves behind. */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

#define STREAM_FIRST ((size_t)1 << 16)

bool cli_is_stream(const char *path)
{
    struct stat status;
    if (strcmp(path, "-") == 0) {
        return true;
    }
    return stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

int cli_read_all(const char *path, uint64_t limit, char **data, size_t *len)
{
    bool standard = strcmp(path, "-") == 0;
    int file = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    char *bytes = NULL;
    size_t have = 0;
    size_t capacity = 0;
    int code = CLI_FAILED;
    if (file < 0) {
        cli_say("cannot open %s: %s", path, strerror(errno));
        return CLI_FAILED;
    }
    if (standard && isatty(STDIN_FILENO)) {
        cli_hint("reading feedback from the keyboard; end with Ctrl-D");
    }
    for (;;) {
        if (have == capacity) {
            size_t wanted = capacity ? capacity * 2 : STREAM_FIRST;
            char *grown = wanted > capacity ? realloc(bytes, wanted) : NULL;
            if (!grown) {
                cli_say("out of memory after %zu bytes of input", have);
                cli_hint("write the input to a file: files are read in pieces");
                goto done;
            }
            bytes = grown;
            capacity = wanted;
        }
        ssize_t got = read(file, bytes + have, capacity - have);
        if (cli_interrupted()) {
            code = CLI_CANCELLED;
            goto done;
        }
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            cli_say("cannot read %s: %s", standard ? "standard input" : path, strerror(errno));
            goto done;
        }
        if (got == 0) {
            break;
        }
        have += (size_t)got;
        if (limit && have > limit) {
            cli_say("the input is larger than the memory limit of %llu bytes",
                    (unsigned long long)limit);
            cli_hint("write it to a file: files are read in pieces");
            goto done;
        }
    }
    *data = bytes;
    *len = have;
    bytes = NULL;
    code = CLI_OK;
done:
    free(bytes);
    if (!standard) {
        close(file);
    }
    return code;
}

bool cli_same_file(const char *a, const char *b)
{
    struct stat first;
    struct stat second;
    return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

bool cli_is_readable(const char *path)
{
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        cli_say("cannot open %s: %s", path, strerror(errno));
        return false;
    }
    bool folder = fstat(file, &status) == 0 && S_ISDIR(status.st_mode);
    close(file);
    if (folder) {
        cli_say("%s is a folder, not a file", path);
    }
    return !folder;
}

uint64_t cli_file_size(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? (uint64_t)status.st_size : 0;
}

bool cli_write_file(const char *path, const void *data, size_t len)
{
    struct stat status;
    bool existed = stat(path, &status) == 0;
    FILE *file = fopen(path, "wb");
    if (!file) {
        cli_say("cannot write %s: %s", path, strerror(errno));
        return false;
    }
    bool good = fwrite(data, 1, len, file) == len;
    int reason = errno;
    if (fclose(file) != 0 && good) {
        good = false;
        reason = errno;
    }
    if (!good) {
        cli_say("cannot write %s: %s", path, strerror(reason));
        if (!existed) {
            remove(path); /* no halves */
        }
    }
    return good;
}
