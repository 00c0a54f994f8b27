/* profviz_trace.h: lets a C or C++ program print what it does, to be looked at with profviz.
 *
 *     #define PROFVIZ_TRACE_IMPLEMENTATION     in exactly one source file, before anything else
 *     #include "profviz_trace.h"
 *
 *     profviz_trace_open("run.trace", NULL);
 *     profviz_trace_begin("load");
 *     profviz_trace_count("items", 12);
 *     profviz_trace_end("load");
 *     profviz_trace_close();
 *
 *     profviz run.trace -o run.svg
 *
 * Any thread may call any function at any time between open and close; each gets a number of its
 * own. While no file is open the calls cost a comparison each. C99 or C++11, POSIX or Windows. What
 * is written is the format of docs/formats/trace.md. Names longer than 400 bytes are cut.
 *
 * A part of profviz, under its licence (MIT). */
#ifndef PROFVIZ_TRACE_H
#define PROFVIZ_TRACE_H

#if defined(PROFVIZ_TRACE_IMPLEMENTATION) && !defined(_WIN32) && !defined(_POSIX_C_SOURCE) &&      \
    !defined(_XOPEN_SOURCE) && !defined(_GNU_SOURCE) && !defined(__APPLE__)
#define _POSIX_C_SOURCE 200112L /* clock_gettime, flockfile */
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Appends to the file, so that the runs of one day, or several processes, may share it. `process`
 * is what the process is called in pictures and may be NULL. Returns 0, or -1 where the file cannot
 * be opened (errno says why) or one is open already; path NULL: does nothing and returns 0, so that
 * profviz_trace_open(getenv("MY_TRACE"), NULL) leaves it to the user. After a fork the child must
 * not go on with its parent's file. */
int profviz_trace_open(const char *path, const char *process);

/* Writes out what is still in memory. No other thread may be in one of these functions. Returns -1
 * where something could not be written. */
int profviz_trace_close(void);

/* A call begins and ends, in the calling thread. An end without a name (NULL) ends the last one. */
void profviz_trace_begin(const char *name);
void profviz_trace_end(const char *name);

/* The same in one call, for what is over: `begin` is what profviz_trace_now gave. */
unsigned long long profviz_trace_now(void);
void profviz_trace_span(const char *name, unsigned long long begin);

/* The value of a counter from now on. */
void profviz_trace_count(const char *name, double value);

/* What the calling thread is called from now on; the text must stay where it is. Without it a
 * thread is a number. */
void profviz_trace_thread(const char *name);

#ifdef __cplusplus
}

/* A call that lasts as long as the block: profviz_trace_scope scope("load"); */
class profviz_trace_scope
{
  public:
    explicit profviz_trace_scope(const char *name) : name_(name)
    {
        profviz_trace_begin(name);
    }
    ~profviz_trace_scope()
    {
        profviz_trace_end(name_);
    }

  private:
    profviz_trace_scope(const profviz_trace_scope &);
    profviz_trace_scope &operator=(const profviz_trace_scope &);
    const char *name_;
};
#elif defined(__GNUC__)
/* The same for C: PROFVIZ_TRACE_SCOPE("load"); */
static inline void profviz_trace_leave_(const char **name)
{
    profviz_trace_end(*name);
}
#define PROFVIZ_TRACE_SCOPE(name)                                                                  \
    __attribute__((cleanup(profviz_trace_leave_))) const char *profviz_trace_scope_ =              \
        (profviz_trace_begin(name), (name))
#endif

#endif

#if defined(PROFVIZ_TRACE_IMPLEMENTATION) && !defined(PROFVIZ_TRACE_IMPLEMENTED)
#define PROFVIZ_TRACE_IMPLEMENTED

#include <stdio.h>
#include <string.h>
#ifdef _WIN32
#include <windows.h>
#define PROFVIZ_LOCAL_ __declspec(thread)
#define PROFVIZ_NEXT_(counter) ((unsigned)InterlockedIncrement((volatile LONG *)(counter)))
#define PROFVIZ_LOCK_(file) _lock_file(file)
#define PROFVIZ_UNLOCK_(file) _unlock_file(file)
#else
#include <time.h>
#ifndef CLOCK_MONOTONIC
#error "include profviz_trace.h first, or compile with -D_POSIX_C_SOURCE=200112L"
#endif
#define PROFVIZ_LOCAL_ __thread
#define PROFVIZ_NEXT_(counter) __sync_add_and_fetch(counter, 1)
#define PROFVIZ_LOCK_(file) flockfile(file)
#define PROFVIZ_UNLOCK_(file) funlockfile(file)
#endif

/* Only whole lines leave the program at once, so that several may write to one file. */
enum { profviz_most_ = 1 << 16, profviz_line_ = 1024, profviz_text_ = 400 };

static FILE *volatile profviz_file_;
static char profviz_buffer_[profviz_most_];
static size_t profviz_held_; /* bytes in the file's buffer; under its lock */
static const char *profviz_process_;
static unsigned profviz_threads_;
static PROFVIZ_LOCAL_ unsigned profviz_number_;
static PROFVIZ_LOCAL_ const char *profviz_thread_;

struct profviz_text_buffer_ {
    char bytes[profviz_line_];
    size_t size;
};

static void profviz_add_(struct profviz_text_buffer_ *line, const char *text)
{
    size_t size = strlen(text);
    memcpy(line->bytes + line->size, text, size);
    line->size += size;
}

/* A text of the program's: no more than fits, and nothing that ends a field. */
static void profviz_add_name_(struct profviz_text_buffer_ *line, const char *name)
{
    const char *end = name + profviz_text_;
    for (; *name && name < end; name++) {
        char byte = *name;
        line->bytes[line->size++] = byte == '\t' || byte == '\n' || byte == '\r' ? ' ' : byte;
    }
}

static void profviz_add_number_(struct profviz_text_buffer_ *line, unsigned long long number)
{
    char digits[24], *at = digits + sizeof digits;
    *--at = '\0';
    do
        *--at = (char)('0' + number % 10);
    while (number /= 10);
    profviz_add_(line, at);
}

static void profviz_write_(struct profviz_text_buffer_ *line)
{
    FILE *file = profviz_file_;
    if (!file)
        return;
    if (!profviz_number_)
        profviz_number_ = PROFVIZ_NEXT_(&profviz_threads_);
    profviz_add_(line, "\tthread=");
    if (profviz_thread_)
        profviz_add_name_(line, profviz_thread_);
    else
        profviz_add_number_(line, profviz_number_);
    if (profviz_process_) {
        profviz_add_(line, "\tprocess=");
        profviz_add_name_(line, profviz_process_);
    }
    line->bytes[line->size++] = '\n';
    PROFVIZ_LOCK_(file);
    if (profviz_held_ + line->size > profviz_most_) {
        fflush(file);
        profviz_held_ = 0;
    }
    profviz_held_ += fwrite(line->bytes, 1, line->size, file);
    PROFVIZ_UNLOCK_(file);
}

static void profviz_start_(struct profviz_text_buffer_ *line, const char *kind, const char *name)
{
    line->size = 0;
    profviz_add_(line, kind);
    if (name || kind[0] != 'E') {
        profviz_add_name_(line, name && name[0] ? name : "?");
        profviz_add_(line, "\t");
    }
}

unsigned long long profviz_trace_now(void)
{
#ifdef _WIN32
    LARGE_INTEGER ticks, rate;
    QueryPerformanceCounter(&ticks);
    QueryPerformanceFrequency(&rate);
    return (unsigned long long)((double)ticks.QuadPart * 1e9 / (double)rate.QuadPart);
#else
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (unsigned long long)now.tv_sec * 1000000000u + (unsigned long long)now.tv_nsec;
#endif
}

int profviz_trace_open(const char *path, const char *process)
{
    static const char head[] = "# profviz trace 1 unit=ns\n";
    FILE *file;
    if (!path)
        return 0;
    file = profviz_file_ ? NULL : fopen(path, "ab");
    if (!file)
        return -1;
    setvbuf(file, profviz_buffer_, _IOFBF, profviz_most_);
    profviz_held_ = fwrite(head, 1, sizeof head - 1, file);
    profviz_process_ = process;
    profviz_file_ = file;
    return 0;
}

int profviz_trace_close(void)
{
    FILE *file = profviz_file_;
    int failed;
    if (!file)
        return 0;
    profviz_file_ = NULL;
    failed = ferror(file);
    return fclose(file) || failed ? -1 : 0;
}

void profviz_trace_begin(const char *name)
{
    struct profviz_text_buffer_ line;
    if (!profviz_file_)
        return;
    profviz_start_(&line, "B\t", name);
    profviz_add_number_(&line, profviz_trace_now());
    profviz_write_(&line);
}

void profviz_trace_end(const char *name)
{
    struct profviz_text_buffer_ line;
    unsigned long long now;
    if (!profviz_file_)
        return;
    now = profviz_trace_now();
    profviz_start_(&line, "E\t", name);
    profviz_add_number_(&line, now);
    profviz_write_(&line);
}

void profviz_trace_span(const char *name, unsigned long long begin)
{
    struct profviz_text_buffer_ line;
    unsigned long long now;
    if (!profviz_file_)
        return;
    now = profviz_trace_now();
    profviz_start_(&line, "X\t", name);
    profviz_add_number_(&line, begin);
    profviz_add_(&line, "\t");
    profviz_add_number_(&line, now - begin);
    profviz_write_(&line);
}

void profviz_trace_count(const char *name, double value)
{
    struct profviz_text_buffer_ line;
    char number[32], *at;
    if (!profviz_file_)
        return;
    profviz_start_(&line, "C\t", name);
    snprintf(number, sizeof number, "%.9g", value);
    for (at = number; *at; at++)
        *at = *at == ',' ? '.' : *at; /* whatever the locale says */
    profviz_add_(&line, number);
    profviz_add_(&line, "\t");
    profviz_add_number_(&line, profviz_trace_now());
    profviz_write_(&line);
}

void profviz_trace_thread(const char *name)
{
    profviz_thread_ = name;
}

#endif
