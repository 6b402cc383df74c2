/* The operating system; the only file of the library with POSIX. */
#define _POSIX_C_SOURCE   200809L
#define _FILE_OFFSET_BITS 64
#include "base/os.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#define OS_MOST_PARTS 64

struct kundig__file {
    kundig__mem *mem;
    int fd;
    bool can_rewind;
    uint64_t size;
    char path[]; /* for sentences; NUL-terminated */
};

/* strerror() reads the locale; a few causes tell the user something. */
static const char *os_reason(int code)
{
    switch (code) {
    case ENOENT:
        return "there is no such file";
    case EACCES:
    case EPERM:
        return "permission was refused";
    case EISDIR:
        return "it is a folder";
    case ENOTDIR:
        return "a part of the path is not a folder";
    case EMFILE:
    case ENFILE:
        return "too many files are open";
    case EIO:
        return "the device failed";
    case ENAMETOOLONG:
        return "the name is too long";
    case ELOOP:
        return "too many links";
    default:
        return "the system refused";
    }
}

static int os_fail(kundig_error *err, const char *what, kundig_text path, int code)
{
    return kundig__fail(err, KUNDIG_E_IO, 0, "cannot %s %.*s: %s (system error %d)", what,
                        kundig__shown(path), path.data, os_reason(code), code);
}

int kundig__file_open(kundig__mem *mem, kundig_text path, kundig__file **out, kundig_error *err)
{
    int rc = KUNDIG_OK;
    int fd = -1;
    struct stat info;
    kundig__file *file = NULL;
    if (!path.data || !path.len || memchr(path.data, '\0', path.len)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "the path is empty or holds a NUL");
    }
    if (path.len > PTRDIFF_MAX - sizeof *file - 1) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "the path is too long");
    }
    file = kundig__alloc(mem, sizeof *file + path.len + 1);
    if (!file) {
        return kundig__nomem(mem, err);
    }
    memcpy(file->path, path.data, path.len);
    file->path[path.len] = '\0';
    do {
        fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    } while (fd < 0 && errno == EINTR);
    if (fd < 0 || fstat(fd, &info) != 0) {
        rc = os_fail(err, "open", path, errno);
        goto done;
    }
    if (S_ISDIR(info.st_mode)) {
        rc = os_fail(err, "read", path, EISDIR);
        goto done;
    }
    file->mem = mem;
    file->fd = fd;
    file->can_rewind = S_ISREG(info.st_mode);
    file->size = file->can_rewind && info.st_size > 0 ? (uint64_t)info.st_size : 0;
    *out = file;
    return KUNDIG_OK;
done:
    if (fd >= 0) {
        close(fd);
    }
    kundig__free(mem, file, sizeof *file + path.len + 1);
    return rc;
}

int kundig__file_read(kundig__file *file, void *data, size_t size, size_t *got, kundig_error *err)
{
    size_t filled = 0;
    /* Filled to the end, so that what a reader sees does not depend on how a pipe was written. */
    while (filled < size) {
        ssize_t n = read(file->fd, (char *)data + filled, size - filled);
        if (n == 0) {
            break;
        }
        if (n < 0) {
            if (errno == EINTR) {
                continue;
            }
            return os_fail(err, "read", (kundig_text){file->path, strlen(file->path)}, errno);
        }
        filled += (size_t)n;
    }
    *got = filled;
    return KUNDIG_OK;
}

int kundig__file_rewind(kundig__file *file, kundig_error *err)
{
    if (lseek(file->fd, 0, SEEK_SET) != 0) {
        return os_fail(err, "rewind", (kundig_text){file->path, strlen(file->path)}, errno);
    }
    return KUNDIG_OK;
}

uint64_t kundig__file_size(const kundig__file *file)
{
    return file->size;
}

bool kundig__file_can_rewind(const kundig__file *file)
{
    return file->can_rewind;
}

void kundig__file_close(kundig__file *file)
{
    if (file) {
        close(file->fd);
        kundig__free(file->mem, file, sizeof *file + strlen(file->path) + 1);
    }
}

/* A path for the system, NUL-terminated; free with len + 1. */
static int os_path(kundig__mem *mem, kundig_text path, char **out, kundig_error *err)
{
    if (!path.data || !path.len || memchr(path.data, '\0', path.len)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "the path is empty or holds a NUL");
    }
    *out = kundig__alloc(mem, path.len + 1);
    if (!*out) {
        return kundig__nomem(mem, err);
    }
    memcpy(*out, path.data, path.len);
    (*out)[path.len] = '\0';
    return KUNDIG_OK;
}

int kundig__path_look(kundig__mem *mem, kundig_text path, kundig__path_kind *out, kundig_error *err)
{
    char *copy;
    struct stat info;
    int rc = os_path(mem, path, &copy, err);
    if (rc) {
        return rc;
    }
    int failed = lstat(copy, &info) != 0 ? errno : 0;
    kundig__free(mem, copy, path.len + 1);
    if (failed == ENOENT) {
        *out = KUNDIG__PATH_ABSENT;
        return KUNDIG_OK;
    }
    if (failed) {
        return os_fail(err, "look at", path, failed);
    }
    *out = S_ISREG(info.st_mode)   ? KUNDIG__PATH_FILE
           : S_ISLNK(info.st_mode) ? KUNDIG__PATH_LINK
                                   : KUNDIG__PATH_OTHER;
    return KUNDIG_OK;
}

int kundig__path_is_shared(kundig__mem *mem, kundig_text path, bool *out, kundig_error *err)
{
    char *copy;
    struct stat info;
    int rc = os_path(mem, path, &copy, err);
    if (rc) {
        return rc;
    }
    int failed = lstat(copy, &info) != 0 ? errno : 0;
    kundig__free(mem, copy, path.len + 1);
    if (failed) {
        return os_fail(err, "look at", path, failed);
    }
    *out = (info.st_mode & (S_IRWXG | S_IRWXO)) != 0;
    return KUNDIG_OK;
}

/* A new name is safe from a power cut once its folder is written. Some file systems refuse. */
static void os_sync_folder(char *path, size_t len)
{
    while (len > 0 && path[len - 1] != '/') {
        len--;
    }
    char kept = path[len];
    path[len] = '\0';
    int fd = open(len ? path : ".", O_RDONLY | O_CLOEXEC | O_DIRECTORY);
    path[len] = kept;
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
}

int kundig__file_make(kundig__mem *mem, kundig_text path, kundig_error *err)
{
    char *copy;
    int fd;
    int rc = os_path(mem, path, &copy, err);
    if (rc) {
        return rc;
    }
    do {
        fd = open(copy, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    } while (fd < 0 && errno == EINTR);
    if (fd >= 0) {
        close(fd);
        os_sync_folder(copy, path.len);
    } else if (errno != EEXIST) {
        rc = os_fail(err, "make", path, errno);
    }
    kundig__free(mem, copy, path.len + 1);
    return rc;
}

int64_t kundig__process_id(void)
{
    return (int64_t)getpid();
}

bool kundig__random(void *data, size_t size)
{
    if (sodium_init() < 0) {
        return false;
    }
    randombytes_buf(data, size);
    return true;
}

typedef struct os_part {
    void (*work)(void *ud, uint32_t part);
    void *ud;
    uint32_t part;
} os_part;

static void *os_run_part(void *arg)
{
    os_part *part = arg;
    part->work(part->ud, part->part);
    return NULL;
}

void kundig__fork_join(uint32_t parts, void (*work)(void *ud, uint32_t part), void *ud)
{
    pthread_t threads[OS_MOST_PARTS];
    os_part jobs[OS_MOST_PARTS];
    bool runs[OS_MOST_PARTS] = {false};
    for (uint32_t i = 1; i < parts && i < OS_MOST_PARTS; i++) {
        jobs[i] = (os_part){work, ud, i};
        runs[i] = pthread_create(&threads[i], NULL, os_run_part, &jobs[i]) == 0;
    }
    if (parts) {
        work(ud, 0);
    }
    for (uint32_t i = 1; i < parts; i++) {
        if (i < OS_MOST_PARTS && runs[i]) {
            pthread_join(threads[i], NULL);
        } else {
            work(ud, i);
        }
    }
}
