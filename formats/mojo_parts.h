#ifndef PV_FORMATS_MOJO_PARTS_H
#define PV_FORMATS_MOJO_PARTS_H

#include "formats/format.h"
#include "model/builder.h"
#include "model/map.h"

/* The parts of mojo.c: what a MOJO file tells becomes frames and samples in mojo_sample.c. */

/* Keys are a process's own. */
struct pv_mojo_process {
    struct pv_map strings, frames; /* key → a text's number; → index in pv_mojo.frames */
};

/* A function, and the line of it that ran. */
struct pv_mojo_frame {
    uint32_t frame; /* the builder's */
    uint32_t line;  /* 0: not known */
};

/* A thread: the node of it in its process, and that of its latest stack, which the next one may go
 * on from. */
struct pv_mojo_thread {
    uint32_t node, last;
};

struct pv_mojo_sample {
    struct pv_mojo_thread *thread; /* NULL: before the first */
    uint32_t base;                 /* node that the frames lie below */
    uint32_t *frames;              /* indexes in pv_mojo.frames */
    uint32_t count, capacity;
    int64_t time, memory; /* ns, bytes */
    bool has_cost, is_idle;
};

struct pv_mojo {
    struct pv_input *input;
    struct pv_builder *builder;
    struct pv_budget budget;
    struct pv_text rest; /* of what is buffered */
    size_t taken;        /* of it */
    uint64_t version, samples;
    struct pv_mojo_process *processes, *process; /* process: of the sample, NULL before the first */
    uint32_t process_count, process_capacity;
    struct pv_map process_of, thread_of, frame_of; /* by number; by node; by frame and line */
    struct pv_mojo_thread *threads;
    uint32_t thread_count, thread_capacity;
    struct pv_mojo_frame *frames;
    uint32_t frame_count, frame_capacity;
    struct pv_mojo_sample sample;
    bool is_memory, is_full, is_cut, has_end, is_declared;
};

/* Versions that told something first. */
enum { PV_MOJO_LINES = 2, PV_MOJO_INTERPRETERS = 3, PV_MOJO_NEWEST = 4 };

/* Ends reading. */
void pv_mojo_fail(struct pv_mojo *mojo, enum pv_code code, const char *why);

/* Names for keys of the sample's process. */
void pv_mojo_string(struct pv_mojo *mojo, uint64_t key, struct pv_text text);
void pv_mojo_frame(struct pv_mojo *mojo, uint64_t key, uint64_t file, uint64_t scope, int64_t line);

/* The metrics, when the mode is known. */
void pv_mojo_declare(struct pv_mojo *mojo);

/* A sample of a thread (a text as the file has it) begins, which ends the one before. */
void pv_mojo_begin(struct pv_mojo *mojo, uint64_t process, uint64_t interpreter,
                   struct pv_text thread);
void pv_mojo_end(struct pv_mojo *mojo);

/* Its next frame: by its key, or one that has none. pv_mojo_again: the thread's stack of before,
 * without its innermost frames in the kernel; only in front of all others. */
void pv_mojo_reference(struct pv_mojo *mojo, uint64_t key);
void pv_mojo_named(struct pv_mojo *mojo, struct pv_text name, uint32_t flags);
void pv_mojo_again(struct pv_mojo *mojo);

void pv_mojo_free(struct pv_mojo *mojo);

#endif
