/* The terminal: sentences on standard error, colours, width, progress, Ctrl-C, safe writing. */
#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE /* TIOCGWINSZ */

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"

static volatile sig_atomic_t interrupt_seen;

static struct {
    const char *what;
    bool reading; /* bytes of a file are counted */
    bool on;
    bool shown;
    struct timespec start;
    struct timespec last;
} progress_line;

/* Names of columns and files may hold anything; a terminal obeys some of it. */
static void say_harmless(char *text)
{
    for (unsigned char *at = (unsigned char *)text; *at; at++) {
        if (*at < 0x20 || *at == 0x7F) {
            *at = '?';
        } else if (*at == 0xC2 && at[1] >= 0x80 && at[1] < 0xA0) {
            at[0] = '?';
            at[1] = '?';
        } else if (*at == 0xE2 && ((at[1] == 0x80 && (at[2] >= 0xA8 && at[2] <= 0xAE)) ||
                                   (at[1] == 0x81 && (at[2] >= 0xA6 && at[2] <= 0xA9)))) {
            at[0] = '?';
            at[1] = '?';
            at[2] = '?';
        }
    }
}

static void say_line(const char *start, const char *format, va_list arguments)
{
    char spare[1024];
    va_list again;
    va_copy(again, arguments);
    int len = vsnprintf(spare, sizeof spare, format, arguments);
    char *text = len >= (int)sizeof spare ? malloc((size_t)len + 1) : NULL;
    if (text) {
        vsnprintf(text, (size_t)len + 1, format, again);
    }
    va_end(again);
    say_harmless(text ? text : spare);
    cli_progress_end();
    fprintf(stderr, "%s%s\n", start, text ? text : spare);
    free(text);
}

void cli_say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say_line("kundig: ", format, arguments);
    va_end(arguments);
}

void cli_hint(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say_line("  ", format, arguments);
    va_end(arguments);
}

bool cli_use_color(const cli_arguments *arguments)
{
    if (arguments->color != CLI_COLOR_AUTO) {
        return arguments->color == CLI_COLOR_ALWAYS;
    }
    const char *no_color = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    return isatty(STDOUT_FILENO) && !(no_color && *no_color) && terminal &&
           strcmp(terminal, "dumb") != 0;
}

uint32_t cli_width(const cli_arguments *arguments, uint32_t most)
{
    if (arguments->width) {
        return arguments->width;
    }
    struct winsize size;
    if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col) {
        uint32_t width = size.ws_col < 40 ? 40 : size.ws_col;
        return width > most ? most : width;
    }
    return 100;
}

static void on_interrupt(int number)
{
    (void)number;
    interrupt_seen = 1;
}

void cli_catch_interrupt(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_handler = on_interrupt;
    /* A second Ctrl-C ends at once. A shell may have asked to ignore the signal. */
    action.sa_flags = (int)SA_RESETHAND;
    struct sigaction before;
    if (sigaction(SIGINT, NULL, &before) == 0 && before.sa_handler != SIG_IGN) {
        sigaction(SIGINT, &action, NULL);
    }
    /* A closed pipe is told by write(), with a sentence. */
    signal(SIGPIPE, SIG_IGN);
}

bool cli_interrupted(void)
{
    return interrupt_seen != 0;
}

static double seconds_between(const struct timespec *from, const struct timespec *to)
{
    return (double)(to->tv_sec - from->tv_sec) + (double)(to->tv_nsec - from->tv_nsec) / 1e9;
}

void cli_progress_start(const char *what, bool reading)
{
    cli_progress_end();
    progress_line.what = what;
    progress_line.reading = reading;
    progress_line.on = isatty(STDERR_FILENO) != 0;
    clock_gettime(CLOCK_MONOTONIC, &progress_line.start);
    progress_line.last = progress_line.start;
}

int cli_progress(void *ud, uint64_t done, uint64_t total)
{
    const cli_arguments *arguments = ud;
    if (interrupt_seen) {
        return 1;
    }
    if (!progress_line.on || arguments->quiet) {
        return 0;
    }
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (seconds_between(&progress_line.start, &now) < 1 ||
        seconds_between(&progress_line.last, &now) < 0.1) {
        return 0;
    }
    progress_line.last = now;
    progress_line.shown = true;
    fprintf(stderr, "\r\x1B[K%s", progress_line.what);
    if (!progress_line.reading) {
        fputs(" ...", stderr); /* many passes: a share of one says nothing */
    } else if (total) {
        fprintf(stderr, " %u%%", (unsigned)((double)done / (double)total * 100));
    } else {
        fprintf(stderr, " %.1f MB", (double)done / 1e6);
    }
    fflush(stderr);
    return 0;
}

void cli_progress_end(void)
{
    if (progress_line.shown) {
        fputs("\r\x1B[K", stderr);
        fflush(stderr);
        progress_line.shown = false;
    }
}

/* Whoever closes a pipe, as `| head` does, has what they want: no word about that. */
static void terminal_tell_unwritten(void)
{
    if (errno != EPIPE) {
        cli_say("cannot write to standard output: %s", strerror(errno));
    }
}

bool cli_write(const void *data, size_t len)
{
    cli_progress_end();
    if (fwrite(data, 1, len, stdout) == len) {
        return true;
    }
    terminal_tell_unwritten();
    return false;
}

bool cli_flush(void)
{
    bool failed_before = ferror(stdout) != 0;
    if (fflush(stdout) == 0 && !failed_before) {
        return true;
    }
    terminal_tell_unwritten();
    return false;
}
