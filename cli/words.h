#ifndef PV_CLI_WORDS_H
#define PV_CLI_WORDS_H

#include "model/error.h"
#include "model/output.h"

/* Text of ours on stdout, with every write checked; a reader that went away is no failure. */
bool pv_words_print(void (*write)(const void *context, struct pv_output *output),
                    const void *context, struct pv_error *err);

/* Appends `count` columns of text per row, aligned, two blanks apart; cells are [row * count]. */
void pv_words_columns(const char *const *cells, size_t rows, size_t count,
                      struct pv_output *output);

#endif
